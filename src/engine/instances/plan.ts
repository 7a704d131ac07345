// What is decided once per module: which functions it gets, and how its state is made fresh.
import { TerrariumError } from "../../errors/index.ts";
import type { HostImport, ModuleLayout, MutableState, ValueType } from "../../wasm/layout.ts";
import type { MemoryImage } from "./baseline.ts";
import type { HostFunction, HostFunctions, Strategy } from "../types.ts";

const PAGE_BYTES = 65_536;

/**
 * Above this a new memory costs less than wiping the old one. Mean of a run, garbage collection included (p50
 * says less: each memory thrown away brings the next full collection nearer): 4 MiB 0.13 ms wiped and 0.96 ms
 * new, 16 MiB 0.7 and 1.4 ms, 64 MiB 3.0 and 2.0 ms.
 */
export const MAX_WIPED_BYTES = 16 * 1024 * 1024;

/**
 * A guest that never needs more stack than this runs on the thread's stack, which has 984 KiB: host functions
 * keep six times as much.
 */
const SHALLOW_STACK_BYTES = 128 * 1024;

/** Types of globals whose values JavaScript reads and writes exactly, except for the payload of a NaN. */
const RESTORABLE: ReadonlySet<ValueType> = new Set(["i32", "i64", "f32", "f64"]);

/** A host function that the module imports. */
interface HostCall<State> {
  readonly module: string;
  readonly name: string;
  readonly arity: number;
  readonly host: HostFunction<State>;
}

/** A module with everything its slots need. */
export interface Plan<State> {
  readonly module: WebAssembly.Module;
  readonly layout: ModuleLayout;
  readonly hostCalls: readonly HostCall<State>[];
  readonly killMemory: WebAssembly.Memory;
  /** Size of the memory of a fresh instance; 0 without one. */
  readonly memoryBytes: number;
  /**
   * Whether the guest runs on its own stack. JSPI needs that to suspend. It also keeps a deep recursion in
   * the guest from leaving host functions without stack, because V8 runs those on the thread's stack. A
   * module that can do neither saves 4 µs.
   */
  readonly ownStack: boolean;
  readonly strategy: Strategy;
  /** Whether each run gets a new memory, since wiping would cost more. Initialization may reveal it. */
  newMemories: boolean;
  /** Why no instance can serve several runs; null if one can. The first instance may reveal a reason. */
  obstacle: string | null;
  readonly emptyImage: MemoryImage;
  /** The image shared by the slots; the first kept instance sets it. */
  image: MemoryImage | null;
  /**
   * A function that initialization calls although it may answer each request differently; null if none was
   * seen.
   */
  varyingInit: string | null;
  /** Only to prove that the canary fails when state leaks: restores nothing. */
  readonly leavesDirty: boolean;
}

/** The inputs of a plan. */
export interface PlanParts<State> {
  readonly module: WebAssembly.Module;
  readonly layout: ModuleLayout;
  readonly hostFunctions: HostFunctions<State>;
  readonly killMemory: WebAssembly.Memory;
  readonly leavesDirty: boolean;
  readonly prescribed: Strategy["kind"] | undefined;
}

/** Decides; throws TER_WASM_UNKNOWN_IMPORT. */
export function planModule<State>(parts: PlanParts<State>): Plan<State> {
  const { module, layout, hostFunctions, killMemory, leavesDirty, prescribed } = parts;
  const memoryBytes = (layout.memory?.initialPages ?? 0) * PAGE_BYTES;
  const hostCalls = layout.hostImports.map((hostImport) => findHostCall(hostImport, hostFunctions));
  return {
    module,
    layout,
    hostCalls,
    killMemory,
    memoryBytes,
    ownStack: hostCalls.some(({ host }) => host.suspends) || (hostCalls.length > 0 && !isShallow(layout)),
    newMemories: memoryBytes > MAX_WIPED_BYTES || prescribed === "fresh-memory",
    obstacle:
      prescribed === undefined || prescribed === "reused-instance"
        ? obstacleToReuse(layout.mutable, memoryBytes)
        : "the engine was told so",
    get strategy() {
      return describe(this);
    },
    emptyImage: { sizeBytes: memoryBytes, start: 0, bytes: new Uint8Array() },
    image: null,
    varyingInit: null,
    leavesDirty,
  };
}

/** An artifact of an earlier version has no information about its stack. */
function isShallow({ stackBytes }: Partial<ModuleLayout>): boolean {
  return typeof stackBytes === "number" && stackBytes <= SHALLOW_STACK_BYTES;
}

function findHostCall<State>(hostImport: HostImport, hostFunctions: HostFunctions<State>): HostCall<State> {
  const { module, name, params } = hostImport;
  const functions = Object.hasOwn(hostFunctions, module) ? hostFunctions[module] : undefined;
  const host = functions !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (host === undefined)
    throw new TerrariumError("TER_WASM_UNKNOWN_IMPORT", { kind: "function", module, name });
  return { module, name, arity: params.length, host };
}

function describe({ newMemories, obstacle, varyingInit }: Plan<never>): Strategy {
  if (newMemories) return { kind: "fresh-memory", reason: obstacle ?? "" };
  if (obstacle !== null) return { kind: "pooled-memory", reason: `a new instance each time, as ${obstacle}` };
  const reason = "memory and globals are all that a run can change, and both are restored";
  const init =
    varyingInit === null
      ? ""
      : `; initialisation runs each time, as it calls ` +
        `${varyingInit}, which may answer each request differently`;
  return { kind: "reused-instance", reason: reason + init };
}

/** Why an instance cannot be restored to its first state from outside; null if it can. */
function obstacleToReuse(
  { globals, writesTables, dropsSegments }: MutableState,
  memoryBytes: number,
): string | null {
  if (memoryBytes > MAX_WIPED_BYTES) return tooLargeToWipe(memoryBytes);
  if (writesTables) return "its code changes tables";
  if (dropsSegments) return "its code drops segments";
  if (globals === null) return "it has too many mutable globals";
  const odd = globals.find(({ type }) => !RESTORABLE.has(type));
  return odd === undefined ? null : `it has a mutable global of type ${odd.type}`;
}

/** Why a memory of this size is not reused. */
export function tooLargeToWipe(bytes: number): string {
  return `wiping ${bytes / PAGE_BYTES} pages costs more than a new memory`;
}
