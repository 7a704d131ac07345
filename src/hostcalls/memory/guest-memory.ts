// Reading and writing the guest's memory. Every address and length of the guest passes here: bounds first, then limits.
// Views are taken anew on every use, because any call into the guest may have grown the memory.
import type { Run } from "../border.ts";
import { badCall, limitReached } from "../mistakes.ts";

const EMPTY = new Uint8Array(0);
/** `struct string_slice`: two u32. */
const SLICE_BYTES = 8;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The memory as it is now. */
export function memoryBytes(run: Run): Uint8Array {
  const { memory } = run;
  if (memory === undefined) throw badCall("the module has no memory");
  return new Uint8Array(memory.buffer);
}

/** A view of memory as it is now; for reading within the same synchronous step only. */
export function viewBytes(run: Run, address: number, length: number, what: string): Uint8Array {
  if (length === 0) return EMPTY;
  const memory = memoryBytes(run);
  const start = address >>> 0;
  const end = start + (length >>> 0);
  if (end > memory.length) throw badCall(`${what} (${length >>> 0} bytes at ${start}) lies outside of memory (${memory.length} bytes)`);
  return memory.subarray(start, end);
}

/** A copy of guest bytes. Where the length is 0 the address does not matter. */
export function readBytes(run: Run, address: number, length: number, what: string): Uint8Array {
  const view = viewBytes(run, address, length, what);
  checkCopy(run, view.length);
  return view.slice();
}

/** Guest bytes as text; what is not UTF-8 is replaced. */
export function readText(run: Run, address: number, length: number, what: string): string {
  const view = viewBytes(run, address, length, what);
  checkCopy(run, view.length);
  return utf8.decode(view);
}

/** Guest bytes as a byte string: one UTF-16 unit per byte, as HTTP fields are kept. */
export function readByteString(run: Run, address: number, length: number, what: string): string {
  const view = viewBytes(run, address, length, what);
  checkCopy(run, view.length);
  return byteString(view);
}

/** Bytes as one UTF-16 unit each. Not the `latin1` label of TextDecoder, which is windows-1252. */
export function byteString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Texts of an array of slices. `maxBytes` bounds them together, each counted with 4 more bytes as in a header field. */
export function readByteStrings(run: Run, address: number, count: number, what: string, maxBytes: number): string[] {
  const length = count >>> 0;
  if (length * 4 > maxBytes) throw limitReached("header bytes", length * 4, maxBytes);
  const array = viewBytes(run, address, length * SLICE_BYTES, what);
  const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  let used = 0;
  return Array.from({ length }, (_, index) => {
    const size = view.getUint32(index * SLICE_BYTES + 4, true);
    used += size + 4;
    if (used > maxBytes) throw limitReached("header bytes", used, maxBytes);
    return readByteString(run, view.getUint32(index * SLICE_BYTES, true), size, `element ${index} of ${what}`);
  });
}

/** Numbers of an array of i32. */
export function readNumbers(run: Run, address: number, count: number, what: string, maxCount: number): number[] {
  const length = count >>> 0;
  if (length > maxCount) throw badCall(`${what} has ${length} elements, allowed are ${maxCount}`);
  const array = viewBytes(run, address, length * 4, what);
  const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  return Array.from({ length }, (_, index) => view.getInt32(index * 4, true));
}

/** Writes a u32 (or i32). Address 0 is an address like any other: WAT programs use it. */
export function writeU32(run: Run, address: number, value: number, what: string): void {
  const place = viewBytes(run, address, 4, what);
  new DataView(place.buffer, place.byteOffset, 4).setUint32(0, value >>> 0, true);
}

/** Writes a u64. */
export function writeU64(run: Run, address: number, value: bigint, what: string): void {
  const place = viewBytes(run, address, 8, what);
  new DataView(place.buffer, place.byteOffset, 8).setBigUint64(0, value, true);
}

/** Counts against the bytes that one hostcall may copy. */
export function checkCopy(run: Run, bytes: number): void {
  const allowed = run.state.services.limits.maxCopyBytes;
  if (bytes > allowed) throw limitReached("bytes copied by one hostcall", bytes, allowed);
}
