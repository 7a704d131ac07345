// A slot serves one run at a time and is reused by the next one. It owns a memory, and imports bound to
// itself.
import { ENGINE_MODULE, ENGINE_NAMES } from "../../wasm/layout.ts";
import { Baseline, restoreImage } from "./baseline.ts";
import { bindImport, type Caller, type InitRecord } from "./imports.ts";
import { MAX_WIPED_BYTES, type Plan, tooLargeToWipe } from "./plan.ts";
import { describeRefusal } from "./refused-growth.ts";
import type { Guest } from "../types.ts";

/** A fresh instance in a slot: what to call, in this order, and its table. */
export interface Fresh<State> {
  readonly entries: readonly (() => unknown)[];
  readonly table: WebAssembly.Table | undefined;
  /**
   * Present if initialization runs now and its result could be kept: then call `keep` with it before `run`.
   */
  readonly initRecord: InitRecord<State> | null;
  /** What initialization did to the state of its run and has to be repeated. */
  readonly replays: readonly ((guest: Guest<State>) => void)[];
}

/** An instance that serves several runs, one after another. */
interface Kept<State> {
  readonly baseline: Baseline;
  readonly fresh: Fresh<State>;
}

/** Seat, memory, imports, and the instance if it is kept. */
export class Slot<State> {
  readonly memory: WebAssembly.Memory | undefined;
  /** The run that has the slot. */
  current: Caller<State> | null = null;
  readonly #plan: Plan<State>;
  readonly #imports: WebAssembly.ImportObject;
  #exports: WebAssembly.Instance["exports"] = {};
  #kept: Kept<State> | null = null;

  constructor(plan: Plan<State>) {
    this.#plan = plan;
    this.memory = plan.layout.memory === null ? undefined : newMemory(plan.layout.memory);
    this.#imports = this.#bindImports();
  }

  /** Of its memory as it is now; 0 without one. */
  get memoryBytes(): number {
    return this.memory?.buffer.byteLength ?? 0;
  }

  /** An instance in the state of a new one. Throws V8's error if a segment does not fit. */
  makeFresh(): Fresh<State> {
    if (this.#kept !== null) return this.#kept.fresh;
    const plan = this.#plan;
    this.#exports = new WebAssembly.Instance(plan.module, this.#imports).exports;
    const init = [
      plan.layout.start ? ENGINE_NAMES.start : null,
      plan.layout.initialize ? "_initialize" : null,
    ].filter((name) => name !== null);
    const fresh = this.#fresh([...init, "run"]);
    if (plan.obstacle !== null) return fresh;
    if (init.length > 0 && plan.varyingInit === null)
      return { ...fresh, initRecord: { varying: null, replays: [] } };
    this.#keep(fresh);
    return fresh;
  }

  /** What the module exports as its allocator: `malloc`, if `free` is there too. */
  get exportedMalloc(): unknown {
    return this.#exports["free"] === undefined ? undefined : this.#exports["malloc"];
  }

  /** The last growth refused in the current run, as text; null if none was. */
  get refusedGrowth(): string | null {
    const note = this.#exports[ENGINE_NAMES.refusedGrowth] as WebAssembly.Global | undefined;
    return note === undefined
      ? null
      : describeRefusal(BigInt(note.value as bigint), this.#plan.layout, this.memory, this.#exports);
  }

  /**
   * After initialization, before `run`: keeps its result for later runs unless it may differ between them.
   */
  keep(record: InitRecord<State>): void {
    const bytes = this.memoryBytes;
    if (record.varying !== null) this.#plan.varyingInit = record.varying;
    else if (bytes > MAX_WIPED_BYTES) this.#discardMemories(bytes);
    else this.#keep({ ...this.#fresh(["run"]), replays: record.replays });
  }

  /** After a run: restores memory and instance. False if the slot is no longer usable. */
  restore(): boolean {
    this.current = null;
    if (this.#plan.leavesDirty) return true;
    if (this.#kept !== null) return this.#kept.baseline.restore();
    this.#exports = {};
    return this.memory === undefined || restoreImage(this.memory, this.#plan.emptyImage);
  }

  /** Initialization grew the memory beyond what a restore may write for each request. */
  #discardMemories(bytes: number): void {
    this.#plan.newMemories = true;
    this.#plan.obstacle = tooLargeToWipe(bytes);
  }

  #keep(fresh: Fresh<State>): void {
    const names = (this.#plan.layout.mutable.globals ?? []).map(({ export: name }) => name);
    if (this.#exports[ENGINE_NAMES.refusedGrowth] !== undefined) names.push(ENGINE_NAMES.refusedGrowth);
    const baseline = new Baseline(this.#exports, names, this.memory, this.#plan.image);
    if (!baseline.exact) return void (this.#plan.obstacle = "a mutable global begins as NaN");
    this.#plan.image ??= baseline.image;
    this.#kept = { baseline, fresh };
  }

  #fresh(names: readonly string[]): Fresh<State> {
    const { layout, ownStack } = this.#plan;
    const functions = names.map((name) => this.#exports[name] as unknown as () => unknown);
    return {
      entries: ownStack ? functions.map((entry) => WebAssembly.promising(entry)) : functions,
      table: layout.table === null ? undefined : this.#exports[ENGINE_NAMES.table],
      initRecord: null,
      replays: [],
    };
  }

  #bindImports(): WebAssembly.ImportObject {
    const imports = emptyRecord<Record<string, WebAssembly.ImportValue>>();
    const engine = emptyRecord<WebAssembly.ImportValue>();
    if (this.memory !== undefined) engine[ENGINE_NAMES.memory] = this.memory;
    if (this.#plan.layout.interruptible) engine[ENGINE_NAMES.kill] = this.#plan.killMemory;
    imports[ENGINE_MODULE] = engine;
    for (const { module, name, arity, host } of this.#plan.hostCalls) {
      (imports[module] ??= emptyRecord())[name] = bindImport(this, name, host, arity);
    }
    return imports;
  }
}

/** Names come from guests: without a prototype, none of them has a meaning. */
function emptyRecord<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}

function newMemory(pages: {
  readonly initialPages: number;
  readonly maximumPages: number;
}): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages.initialPages, maximum: pages.maximumPages });
}
