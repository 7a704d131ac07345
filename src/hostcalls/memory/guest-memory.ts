// Reads and writes the guest's memory. Every address and length from the guest passes through here: bounds
// first, then limits. Views are fetched on every use, because any call into the guest may have grown the
// memory.
import type { CallContext } from "../call-context.ts";
import { badCall, limitReached } from "../call-errors.ts";
import { chargeWork, copyCharged, ELEMENT_UNITS } from "../host-work.ts";
import { memoryViews, type MemoryViews } from "./memory-views.ts";

const EMPTY = new Uint8Array(0);
/** `struct string_slice`: two u32. */
const SLICE_BYTES = 8;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The memory as it is now. */
function viewsOf(run: CallContext): MemoryViews {
  const { memory, state } = run;
  if (memory === undefined) throw badCall("the module has no memory");
  const { buffer } = memory;
  if (state.views?.buffer !== buffer) state.views = memoryViews(buffer);
  return state.views;
}

/** All bytes of the memory as it is now. */
export function memoryBytes(run: CallContext): Buffer {
  return viewsOf(run).bytes;
}

/** Where bytes of the guest begin, after checking that they are within memory; 0 if the length is 0. */
function checkedAddress({ bytes }: MemoryViews, address: number, length: number, what: string): number {
  const size = length >>> 0;
  if (size === 0) return 0;
  const start = address >>> 0;
  if (start + size > bytes.length)
    throw badCall(`${what} (${size} bytes at ${start}) lies outside of memory (${bytes.length} bytes)`);
  return start;
}

/** A view of memory as it is now; for use within the same synchronous step only. */
export function viewBytes(run: CallContext, address: number, length: number, what: string): Uint8Array {
  if (length === 0) return EMPTY;
  const views = viewsOf(run);
  return new Uint8Array(views.buffer, checkedAddress(views, address, length, what), length >>> 0);
}

/** A copy of guest bytes. With length 0, the address does not matter. */
export function readBytes(run: CallContext, address: number, length: number, what: string): Uint8Array {
  const view = viewBytes(run, address, length, what);
  checkCopy(run, view.length);
  const copy = new Uint8Array(view.length);
  copyCharged(run, view, copy);
  return copy;
}

/**
 * Guest bytes as a Buffer, whose backing memory it may share with others: cheaper than `readBytes` for small
 * ones.
 */
export function readBuffer(run: CallContext, address: number, length: number, what: string): Uint8Array {
  if (length === 0) return EMPTY;
  const view = viewBytes(run, address, length, what);
  checkCopy(run, view.length);
  const copy = Buffer.allocUnsafe(view.length);
  copyCharged(run, view, copy);
  return copy;
}

/**
 * The first `maxBytes` of guest bytes as text; what is not UTF-8 is replaced. All of them have to lie within
 * memory.
 */
export function readText(
  run: CallContext,
  address: number,
  length: number,
  maxBytes: number,
  what: string,
): string {
  const view = viewBytes(run, address, length, what).subarray(0, maxBytes);
  chargeWork(run, view.length);
  return utf8.decode(view);
}

/**
 * Guest bytes of a header's name, a method and the like: one UTF-16 unit per byte. Throws TER_GUEST_LIMIT
 * beyond `headerBytes`.
 */
export function readByteString(run: CallContext, address: number, length: number, what: string): string {
  if (length === 0) return "";
  const views = viewsOf(run);
  const start = checkedAddress(views, address, length, what);
  const size = length >>> 0;
  checkHeaderBytes(run, size);
  chargeWork(run, size);
  return views.bytes.toString("latin1", start, start + size);
}

/** Counts toward the bytes that the headers of one message may have. */
export function checkHeaderBytes(run: CallContext, bytes: number): void {
  const { headerBytes } = run.state.services.limits;
  if (bytes > headerBytes) throw limitReached("header bytes", bytes, headerBytes, "headerBytes");
}

/**
 * Texts of an array of slices, together within `headerBytes`, each counted with 4 more bytes as in a header
 * field.
 */
export function readByteStrings(run: CallContext, address: number, count: number, what: string): string[] {
  const length = count >>> 0;
  checkHeaderBytes(run, length * 4);
  const array = viewBytes(run, address, length * SLICE_BYTES, what);
  chargeWork(run, length * ELEMENT_UNITS);
  const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  let used = 0;
  return Array.from({ length }, (_, index) => {
    const size = view.getUint32(index * SLICE_BYTES + 4, true);
    checkHeaderBytes(run, (used += size + 4));
    return readByteString(
      run,
      view.getUint32(index * SLICE_BYTES, true),
      size,
      `element ${index} of ${what}`,
    );
  });
}

/** Numbers of an array of i32. */
export function readNumbers(
  run: CallContext,
  address: number,
  count: number,
  what: string,
  maxCount: number,
): number[] {
  const length = count >>> 0;
  if (length > maxCount) throw badCall(`${what} has ${length} elements; the limit is ${maxCount}`);
  const array = viewBytes(run, address, length * 4, what);
  chargeWork(run, length * ELEMENT_UNITS);
  const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  return Array.from({ length }, (_, index) => view.getInt32(index * 4, true));
}

/** Writes a u32 (or i32). Address 0 is valid: WAT programs use it. */
export function writeU32(run: CallContext, address: number, value: number, what: string): void {
  const views = viewsOf(run);
  views.numbers.setUint32(checkedAddress(views, address, 4, what), value >>> 0, true);
}

/** Writes 64 bits, signed or not. */
export function writeU64(run: CallContext, address: number, value: bigint, what: string): void {
  const views = viewsOf(run);
  views.numbers.setBigUint64(checkedAddress(views, address, 8, what), value, true);
}

/** Counts toward the bytes that one hostcall may copy. */
export function checkCopy(run: CallContext, bytes: number): void {
  const allowed = run.state.services.limits.copyBytes;
  if (bytes > allowed) throw limitReached("bytes copied by one hostcall", bytes, allowed, "copyBytes");
}
