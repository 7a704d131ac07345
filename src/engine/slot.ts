// A slot: what serves one run at a time and is used again by the next one. It owns a memory, and imports bound to itself.
import { ENGINE_MODULE, ENGINE_NAMES } from "../wasm/layout.ts";
import { bindImport, type Caller } from "./imports.ts";
import type { Plan } from "./plan.ts";

/** A fresh instance in a slot: what to call, in this order, and its table. */
export interface Fresh {
  readonly entries: readonly ((...args: never[]) => unknown)[];
  readonly table: WebAssembly.Table | undefined;
}

/** Seat, memory and imports. */
export class Slot<State> {
  readonly memory: WebAssembly.Memory | undefined;
  /** The run that has the slot. */
  current: Caller<State> | null = null;
  readonly #plan: Plan<State>;
  readonly #imports: WebAssembly.ImportObject;

  constructor(plan: Plan<State>) {
    this.#plan = plan;
    this.memory = plan.layout.memory === null ? undefined : newMemory(plan.layout.memory);
    this.#imports = this.#bindImports();
  }

  /** A new instance on the wiped memory. Throws what V8 throws if a segment does not fit. */
  instantiate(): Fresh {
    const { module, layout, ownStack } = this.#plan;
    const { exports } = new WebAssembly.Instance(module, this.#imports);
    const names = [layout.start ? ENGINE_NAMES.start : null, layout.initialize ? "_initialize" : null, "run"];
    const functions = names.filter((name) => name !== null).map((name) => exports[name] as unknown as () => unknown);
    return {
      entries: ownStack ? functions.map((entry) => WebAssembly.promising(entry)) : functions,
      table: layout.table === null ? undefined : exports[ENGINE_NAMES.table],
    };
  }

  /** Whether the memory still has the size that a fresh one has: it can never shrink again. */
  get memoryGrew(): boolean {
    return this.memory !== undefined && this.memory.buffer.byteLength !== this.#plan.memoryBytes;
  }

  /** Zeroes the memory. */
  wipe(): void {
    if (this.memory !== undefined) new Uint8Array(this.memory.buffer).fill(0);
  }

  #bindImports(): WebAssembly.ImportObject {
    const imports = emptyRecord<Record<string, WebAssembly.ImportValue>>();
    const engine = emptyRecord<WebAssembly.ImportValue>();
    if (this.memory !== undefined) engine[ENGINE_NAMES.memory] = this.memory;
    if (this.#plan.layout.interruptible) engine[ENGINE_NAMES.kill] = this.#plan.killMemory;
    imports[ENGINE_MODULE] = engine;
    for (const { module, name, arity, host } of this.#plan.hostCalls) {
      (imports[module] ??= emptyRecord())[name] = bindImport(this, host, arity);
    }
    return imports;
  }
}

/** Names come from guests: without a prototype none of them means anything. */
function emptyRecord<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}

function newMemory(pages: { readonly initialPages: number; readonly maximumPages: number }): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages.initialPages, maximum: pages.maximumPages });
}
