// Traps: creating one that guest code cannot catch, and interpreting one that V8 threw.
import type { TrapFrame } from "../types.ts";

/** `(module (func (export "trap") unreachable))` */
const TRAP_MODULE = Uint8Array.of(
  0x00,
  0x61,
  0x73,
  0x6d,
  0x01,
  0x00,
  0x00,
  0x00,
  0x01,
  0x04,
  0x01,
  0x60,
  0x00,
  0x00,
  0x03,
  0x02,
  0x01,
  0x00,
  0x07,
  0x08,
  0x01,
  0x04,
  0x74,
  0x72,
  0x61,
  0x70,
  0x00,
  0x00,
  0x0a,
  0x05,
  0x01,
  0x03,
  0x00,
  0x00,
  0x0b,
);

const { trap } = new WebAssembly.Instance(new WebAssembly.Module(TRAP_MODULE)).exports as unknown as {
  trap: () => never;
};

/**
 * A trap, as V8 itself throws it. V8 marks such an object, and while one unwinds the stack, no `catch_all` or
 * `try_table` of a guest sees it, even if JavaScript rethrew it or rejected a promise with it. A plain Error
 * would be caught.
 */
export function newTrap(): unknown {
  try {
    return trap();
  } catch (error) {
    return error;
  }
}

/** URL of the trap module in stack traces, because its frame is not the guest's. */
const OWN_URL = /wasm:\/\/wasm\/[^:\s]+/.exec(String((newTrap() as Error).stack))?.[0] ?? "";

/** How V8's trap messages begin, and the platform's text for each. */
const TRAP_REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^unreachable/, "unreachable code was reached"],
  [/^(divide|remainder) by zero/, "division by zero"],
  [/^divide result unrepresentable/, "integer overflow in a division"],
  [/^float unrepresentable/, "a float that does not fit its integer"],
  [/memory access out of bounds|data segment/, "out-of-bounds access of memory"],
  [/table.* out of bounds|element segment/, "out-of-bounds access of a table"],
  [/signature mismatch/, "indirect call of no function or of one with another type"],
  [/null reference|dereferencing a null/, "use of a null reference"],
  [/[Oo]ut of memory/, "out of memory"],
];

/** Why guest code ended with this error, as text; null if it is not a trap. */
export function trapReason(error: unknown): string | null {
  if (error instanceof RangeError)
    return /call stack/.test(error.message) ? "stack overflow" : "out of memory";
  if (error instanceof WebAssembly.SuspendError)
    return "a call that may wait, from a function that the host had called";
  if (error instanceof WebAssembly.Exception) return "an exception that it did not catch";
  if (!(error instanceof WebAssembly.RuntimeError)) return null;
  return TRAP_REASONS.find(([pattern]) => pattern.test(error.message))?.[1] ?? error.message;
}

/** Where a module's code was before the rewrite. Function indices and names are unchanged. */
export interface TrapMap {
  /** Translates an offset in the rewritten module to one in the original. */
  toOriginal(offset: number): number | null;
  /** Whether the rewriter added this function. */
  isInjected(functionIndex: number): boolean;
}

const FRAME = /^\s*at (?:(.*) \()?(wasm:\/\/wasm\/[^\s]*):wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/gm;

/** Frames of guest code in the stack of an error, innermost first. */
export function trapFrames(error: unknown, map: TrapMap): TrapFrame[] {
  const stack = error instanceof Error ? String(error.stack) : "";
  return [...stack.matchAll(FRAME)]
    .filter(([, , url, index]) => url !== OWN_URL && !map.isInjected(Number(index)))
    .map((match) => toFrame(match, map));
}

function toFrame([, name, , index, offset]: RegExpExecArray, map: TrapMap): TrapFrame {
  return {
    functionIndex: Number(index),
    functionName: name ?? null,
    offset: map.toOriginal(Number.parseInt(offset ?? "", 16)),
  };
}
