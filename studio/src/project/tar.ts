// Writes a project as a tar: ustar headers, PAX records for names that those cannot hold.
import { bytesOf } from "./content.ts";
import type { Files } from "./types.ts";

const BLOCK_BYTES = 512;
const USTAR_NAME_BYTES = 100;
const encoder = new TextEncoder();

/** The tar of the files, by name. */
export function writeTar(files: Files): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = encoder.encode(path);
    if (name.length > USTAR_NAME_BYTES || /[^\x20-\x7e]/.test(path))
      addMember(parts, encoder.encode("pax"), "x", paxPath(path));
    addMember(parts, name.subarray(0, USTAR_NAME_BYTES), "0", bytesOf(content));
  }
  parts.push(new Uint8Array(2 * BLOCK_BYTES));
  return concatenate(parts);
}

function addMember(parts: Uint8Array[], name: Uint8Array, type: string, body: Uint8Array): void {
  parts.push(
    headerOf(name, type, body.length),
    body,
    new Uint8Array((BLOCK_BYTES - (body.length % BLOCK_BYTES)) % BLOCK_BYTES),
  );
}

function headerOf(name: Uint8Array, type: string, sizeBytes: number): Uint8Array {
  const header = new Uint8Array(BLOCK_BYTES);
  const put = (offset: number, text: string) => header.set(encoder.encode(text), offset);
  header.set(name);
  put(100, "0000644\u00000000000\u00000000000\u0000");
  put(124, `${sizeBytes.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0`);
  // The checksum is taken with its own field blank.
  put(148, `        ${type}`);
  put(257, "ustar\u000000");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return header;
}

/** `LENGTH path=NAME\n`, where the length counts its own digits. */
function paxPath(path: string): Uint8Array {
  const rest = encoder.encode(` path=${path}\n`).length;
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length++;
  return encoder.encode(`${length} path=${path}\n`);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
