// For tests: does a module behave the same before and after rewriting? Calls all exports of both and compares
// results, kinds of traps, calls of imports, memory, globals and tables.
import type { HostImportTypes } from "../checks/accept-module.ts";
import { exposeState, STATE } from "./expose-state.ts";
import { outcome, type AnyFunction } from "./fixtures.ts";
import { ENGINE_MODULE, ENGINE_NAMES, RESERVED_PREFIX, type FunctionType } from "../layout.ts";
import type { ModuleModel } from "../reading/module-model.ts";
import { readModule } from "../reading/read-module.ts";
import { rewriteModule, type RewrittenModule } from "../rewrite-module.ts";

/**
 * `differs` means a bug in the rewriter. A module is skipped if the outcome depends on V8's stack limit,
 * which the code affects.
 */
export type Comparison =
  | { readonly kind: "equal"; readonly calls: number; readonly traps: number; readonly checks: number }
  | { readonly kind: "skipped"; readonly reason: string }
  | {
      readonly kind: "differs";
      readonly what: string;
      readonly original: string;
      readonly rewritten: string;
    };

/** Beyond what V8 allows: growth must end in both forms at the same size. */
const LIMITS = { maxMemoryPages: 65_536, maxTableEntries: 100_000_000 };
const CALL_ROUNDS = 2;

interface Observed {
  readonly lines: string[];
  readonly memory: Uint8Array;
}

/** Compares a module with its rewritten form. Its function imports are provided, whatever they are. */
export function compareModule(bytes: Uint8Array<ArrayBuffer>): Comparison {
  const exposed = exposeState(readModule(bytes));
  if (exposed === null) return { kind: "skipped", reason: "it imports a memory or table" };
  const module = readModule(exposed);
  const rewritten = rewriteModule(exposed, {
    ...LIMITS,
    hostImports: importTypes(module),
    interruptible: true,
  });
  const [before, after] = [observeOriginal(module, exposed), observeRewritten(module, rewritten)];
  return judge(before, after, rewritten.layout.checks);
}

function judge(before: Observed, after: Observed, checks: number): Comparison {
  for (const lines of [before.lines, after.lines]) {
    if (lines.some((line) => line.includes("stack overflow")))
      return { kind: "skipped", reason: "stack overflow" };
  }
  for (let at = 0; at < Math.max(before.lines.length, after.lines.length); at++) {
    const [original, rewritten] = [before.lines[at] ?? "nothing", after.lines[at] ?? "nothing"];
    if (original !== rewritten) return { kind: "differs", what: `line ${at}`, original, rewritten };
  }
  const different = firstDifference(before.memory, after.memory);
  if (different >= 0) {
    return {
      kind: "differs",
      what: `memory at ${different}`,
      original: String(before.memory[different]),
      rewritten: String(after.memory[different]),
    };
  }
  const calls = before.lines.filter((line) => line.startsWith("call"));
  return {
    kind: "equal",
    calls: calls.length,
    traps: calls.filter((line) => line.includes("trap:")).length,
    checks,
  };
}

function firstDifference(before: Uint8Array, after: Uint8Array): number {
  if (before.length !== after.length) return Math.min(before.length, after.length);
  return Buffer.compare(before, after) === 0 ? -1 : before.findIndex((byte, at) => byte !== after[at]);
}

function importTypes(module: ModuleModel): HostImportTypes {
  const types: Record<string, Record<string, FunctionType>> = Object.create(null);
  for (const entry of module.imports) {
    const type = module.types[entry.type];
    if (entry.kind === "function" && type !== undefined)
      (types[entry.module] ??= Object.create(null) as Record<string, FunctionType>)[entry.name] = type;
  }
  return types;
}

/** Imported functions that log their arguments and return 0, or its equivalent. */
function imports(module: ModuleModel, lines: string[]): Record<string, Record<string, AnyFunction>> {
  const made: Record<string, Record<string, AnyFunction>> = Object.create(null);
  for (const entry of module.imports) {
    const results = module.types[entry.type]?.results ?? [];
    const call: AnyFunction = (...parameters) => {
      lines.push(
        `import ${entry.name} ` +
          parameters.map((value) => (typeof value === "function" ? "function" : String(value))).join(" "),
      );
      const values = results.map(zero);
      return values.length > 1 ? values : values[0];
    };
    (made[entry.module] ??= Object.create(null) as Record<string, AnyFunction>)[entry.name] = call;
  }
  return made;
}

function zero(type: string): unknown {
  if (type === "i64") return 0n;
  return type.endsWith("ref") ? null : 0;
}

function observeOriginal(module: ModuleModel, bytes: Uint8Array<ArrayBuffer>): Observed {
  const lines: string[] = [];
  let exports: Record<string, unknown> = {};
  const instantiated = outcome(() => {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports(module, lines) as never);
    ({ exports } = instance);
  });
  lines.push(`instantiate ${instantiated}`);
  return observe(module, exports, lines);
}

function observeRewritten(module: ModuleModel, { bytes, layout }: RewrittenModule): Observed {
  const lines: string[] = [];
  const kill = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const engine: Record<string, WebAssembly.Memory> = { [ENGINE_NAMES.kill]: kill };
  if (layout.memory !== null)
    engine[ENGINE_NAMES.memory] = new WebAssembly.Memory({
      initial: layout.memory.initialPages,
      maximum: layout.memory.maximumPages,
    });
  let exports: Record<string, unknown> = {};
  const instantiate = (): void => {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      ...imports(module, lines),
      [ENGINE_MODULE]: engine,
    } as never);
    if (layout.start) (instance.exports[ENGINE_NAMES.start] as unknown as AnyFunction)();
    ({ exports } = instance);
  };
  lines.push(`instantiate ${outcome(instantiate)}`);
  return observe(module, exports, lines);
}

function observe(module: ModuleModel, exports: Readonly<Record<string, unknown>>, lines: string[]): Observed {
  for (let round = 0; round < CALL_ROUNDS; round++) {
    for (const entry of module.exports) {
      const called = exports[entry.name];
      const type = module.types[module.functionTypes[entry.index] ?? -1];
      if (typeof called !== "function" || type === undefined) continue;
      lines.push(`call ${entry.name}`);
      lines.push(
        `call ${entry.name} ` +
          `${outcome(() => (called as AnyFunction)(...type.params.map((value) => argument(value, round))))}`,
      );
    }
  }
  for (const [name, value] of Object.entries(exports))
    if (!name.startsWith(RESERVED_PREFIX)) lines.push(`${name} ${describe(value)}`);
  const memory = exports[STATE.memory];
  return {
    lines,
    memory: memory instanceof WebAssembly.Memory ? new Uint8Array(memory.buffer) : new Uint8Array(),
  };
}

function argument(type: string, round: number): unknown {
  if (type === "i64") return BigInt(round * 12_345);
  return type.endsWith("ref") ? null : round * 40;
}

function describe(value: unknown): string {
  if (value instanceof WebAssembly.Global) return outcome(() => value.value);
  if (!(value instanceof WebAssembly.Table)) return typeof value;
  return Array.from({ length: value.length }, (_, index) =>
    outcome(() => (value.get(index) === null ? "-" : "x")),
  ).join("");
}
