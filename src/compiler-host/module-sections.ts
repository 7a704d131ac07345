// The sections of a Wasm module, as far as finding one goes. Reading what is in them is src/wasm's.

/** One section: where its contents start and end in the module. */
export interface SectionRange {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Id of custom sections, and of the one that holds code. */
export const SECTION_IDS = { custom: 0, code: 10 } as const;

/** The sections in order. Ends early where the module does. */
export function* sectionsOf(wasm: Uint8Array): Generator<SectionRange> {
  for (let at = 8; at < wasm.length;) {
    const { value: size, next: start } = readUnsigned(wasm, at + 1);
    const end = Math.min(start + size, wasm.length);
    yield { id: wasm[at] ?? 0, start, end };
    at = start + size;
  }
}

/** Contents of the custom section of that name, without the name; null if there is none. */
export function customSection(wasm: Uint8Array, name: string): Uint8Array | null {
  for (const { id, start, end } of sectionsOf(wasm)) {
    if (id !== SECTION_IDS.custom) continue;
    const { value: length, next } = readUnsigned(wasm, start);
    if (Buffer.from(wasm.subarray(next, next + length)).toString() === name)
      return wasm.subarray(next + length, end);
  }
  return null;
}

/** The module with a further custom section at its end. */
export function appendCustomSection(wasm: Uint8Array, name: string, contents: Uint8Array): Uint8Array {
  const nameBytes = Buffer.from(name);
  const payload = Buffer.concat([encodeUnsigned(nameBytes.length), nameBytes, contents]);
  return Buffer.concat([wasm, Uint8Array.of(SECTION_IDS.custom), encodeUnsigned(payload.length), payload]);
}

function readUnsigned(bytes: Uint8Array, at: number): { value: number; next: number } {
  let [value, scale] = [0, 1];
  for (let index = at; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, next: index + 1 };
    scale *= 128;
  }
  return { value, next: bytes.length };
}

function encodeUnsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
