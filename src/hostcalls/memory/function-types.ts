// Tells the type of a guest's function. JavaScript cannot ask a function for its Wasm type, but a module of
// 70 bytes can.

// prettier-ignore
const MODULE = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  // Types: 0 (i32)->i32, 1 (i32)->(), 2 (funcref)->i32.
  0x01, 0x0f, 0x03, 0x60, 0x01, 0x7f, 0x01, 0x7f, 0x60, 0x01, 0x7f, 0x00, 0x60, 0x01, 0x70, 0x01, 0x7f,
  // Two functions of type 2, exported as "m" and "f".
  0x03, 0x03, 0x02, 0x02, 0x02,
  0x07, 0x09, 0x02, 0x01, 0x6d, 0x00, 0x00, 0x01, 0x66, 0x00, 0x01,
  // local.get 0; ref.test (ref 0), and the same with (ref 1).
  0x0a, 0x11, 0x02, 0x07, 0x00, 0x20, 0x00, 0xfb, 0x14, 0x00, 0x0b,
  0x07, 0x00, 0x20, 0x00, 0xfb, 0x14, 0x01, 0x0b,
]);

const tester = new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports;

/** A guest function of type (i32)->i32. */
export type Malloc = (bytes: number) => number;

/** Whether a table entry is a function of type (i32)->i32. */
export function isMalloc(entry: unknown): entry is Malloc {
  return typeof entry === "function" && tester["m"]?.(entry) === 1;
}

/** Whether a table entry is a function of type (i32)->(). */
export function isFree(entry: unknown): boolean {
  return typeof entry === "function" && tester["f"]?.(entry) === 1;
}
