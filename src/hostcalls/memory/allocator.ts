// Memory from the guest's own malloc, and what the host writes there: byte strings and lists of them.
import { TRAILING_ZERO_BYTES } from "../../abi/index.ts";
import type { CallContext } from "../call-context.ts";
import { badCall, CallError, GuestUnwinding, noAllocator } from "../call-errors.ts";
import { chargeWork, copyCharged, ELEMENT_UNITS } from "../host-work.ts";
import { isMalloc, type Malloc } from "./function-types.ts";
import { checkCopy, memoryBytes, writeU32 } from "./guest-memory.ts";

const SLICE_BYTES = 8;

/** For an allocator that is a bare `unreachable`. */
const REMOVED_ALLOCATOR =
  "its allocator is unreachable code. If wasm-opt processed the module, export the table when linking " +
  "(-Wl,--export-table): wasm-opt removes functions that only the table names";

/** Gives bytes and their length to the guest; null and 0 if there are none. */
export function giveBytes(run: CallContext, pointerOut: number, lengthOut: number, bytes: Uint8Array): void {
  writeResult(run, pointerOut, lengthOut, bytes.length === 0 ? 0 : copyIn(run, bytes), bytes.length);
}

/** Gives bytes that were found: the pointer is never null, even if there are none. */
export function giveFound(run: CallContext, pointerOut: number, lengthOut: number, bytes: Uint8Array): void {
  writeResult(run, pointerOut, lengthOut, copyIn(run, bytes), bytes.length);
}

/** Gives text that is stored as one unit per byte. */
export function giveByteString(run: CallContext, pointerOut: number, lengthOut: number, text: string): void {
  giveBytes(run, pointerOut, lengthOut, Buffer.from(text, "latin1"));
}

/** Writes null and 0. */
export function giveNothing(run: CallContext, pointerOut: number, lengthOut: number): void {
  writeResult(run, pointerOut, lengthOut, 0, 0);
}

/** Gives an array of slices, each in its own allocation; null and 0 if the list is empty. */
export function giveList(
  run: CallContext,
  arrayOut: number,
  countOut: number,
  elements: readonly Uint8Array[],
): void {
  if (elements.length === 0) return giveNothing(run, arrayOut, countOut);
  const size = elements.length * SLICE_BYTES;
  checkCopy(
    run,
    elements.reduce((sum, element) => sum + element.length, size),
  );
  chargeWork(run, elements.length * ELEMENT_UNITS);
  const array = allocate(run, size);
  elements.forEach((element, index) => {
    const pointer = copyIn(run, element);
    writeU32(run, array + index * SLICE_BYTES, pointer, "the array");
    writeU32(run, array + index * SLICE_BYTES + 4, element.length, "the array");
  });
  writeResult(run, arrayOut, countOut, array, elements.length);
}

/** Gives a list of texts that are kept as one unit per byte. */
export function giveByteStrings(
  run: CallContext,
  arrayOut: number,
  countOut: number,
  texts: readonly string[],
): void {
  giveList(
    run,
    arrayOut,
    countOut,
    texts.map((text) => Buffer.from(text, "latin1")),
  );
}

function writeResult(
  run: CallContext,
  pointerOut: number,
  lengthOut: number,
  pointer: number,
  length: number,
): void {
  writeU32(run, pointerOut, pointer, "the out-parameter for the pointer");
  writeU32(run, lengthOut, length, "the out-parameter for the length");
}

function copyIn(run: CallContext, bytes: Uint8Array): number {
  checkCopy(run, bytes.length);
  const pointer = allocate(run, bytes.length);
  copyCharged(run, bytes, memoryBytes(run).subarray(pointer));
  return pointer;
}

/** Memory for `length` bytes plus the trailing zero bytes, which is why malloc is never called with 0. */
function allocate(run: CallContext, length: number): number {
  const size = length + TRAILING_ZERO_BYTES;
  const pointer = callMalloc(run, size);
  if (pointer === 0)
    throw new CallError("TER_GUEST_TRAP", {
      trap: `out of memory: its allocator had no ${size} bytes for what a hostcall returns`,
    });
  const memory = memoryBytes(run);
  if (pointer + size > memory.length)
    throw badCall(
      `the program's allocator gave ${size} bytes at ${pointer}, outside of memory (${memory.length} bytes)`,
    );
  memory.fill(0, pointer + length, pointer + size);
  return pointer;
}

/** The allocator of a program that named none, but exports one by the names that every C library gives. */
function exportedMalloc({ exportedMalloc: malloc }: CallContext): Malloc {
  if (!isMalloc(malloc)) throw noAllocator();
  return malloc;
}

function callMalloc(run: CallContext, size: number): number {
  const { state } = run;
  const malloc = (state.malloc ??= exportedMalloc(run));
  // One level only: an allocator that calls hostcalls that allocate would recurse through our frames.
  if (state.allocating) throw badCall("the program's allocator called a hostcall that needs the allocator");
  state.allocating = true;
  try {
    return malloc(size) >>> 0;
  } catch (error) {
    // V8 throws this at any import that may suspend when a JavaScript frame (here ours) is between it and the
    // guest's entry.
    if (error instanceof Error && error.name === "SuspendError")
      throw badCall("the program's allocator called a hostcall that may wait");
    // A guest whose time is up traps in the same way.
    run.checkInterrupt();
    if (trapsAtOnce(error)) throw new CallError("TER_GUEST_TRAP", { trap: REMOVED_ALLOCATOR });
    throw new GuestUnwinding(error);
  } finally {
    state.allocating = false;
  }
}

/** Whether the function that the host called trapped itself, and by `unreachable`. */
function trapsAtOnce(error: unknown): boolean {
  if (!(error instanceof WebAssembly.RuntimeError) || !error.message.startsWith("unreachable")) return false;
  const [, first = "", second = ""] = String(error.stack).split("\n");
  return first.includes("wasm://wasm/") && !second.includes("wasm://wasm/");
}
