// Writes a project as a tar: ustar headers, PAX records for names that ustar cannot hold. Equal projects give
// equal bytes. Runs in browsers too: the studio uploads with it.
import { TAR_BLOCK_BYTES } from "./tar-block.ts";
import type { ProjectFiles } from "./files.ts";

const USTAR_NAME_BYTES = 100;
const encoder = new TextEncoder();

/** The tar of the files, in the map's order. */
export function writeArchive(files: ProjectFiles): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array[] = [];
  for (const [name, bytes] of files) {
    const nameBytes = encoder.encode(name);
    if (nameBytes.length > USTAR_NAME_BYTES || /[^\x20-\x7e]/.test(name))
      addMember(blocks, encoder.encode("pax"), "x", paxRecord("path", name));
    addMember(blocks, nameBytes.subarray(0, USTAR_NAME_BYTES), "0", bytes);
  }
  blocks.push(new Uint8Array(2 * TAR_BLOCK_BYTES));
  return concatenate(blocks);
}

function addMember(blocks: Uint8Array[], name: Uint8Array, type: string, body: Uint8Array): void {
  const padding = (TAR_BLOCK_BYTES - (body.length % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
  blocks.push(headerOf(name, type, body.length), body, new Uint8Array(padding));
}

function headerOf(name: Uint8Array, type: string, sizeBytes: number): Uint8Array {
  const header = new Uint8Array(TAR_BLOCK_BYTES);
  const put = (offset: number, text: string): void => header.set(encoder.encode(text), offset);
  header.set(name);
  put(100, "0000644\x000000000\x000000000\x00");
  put(124, `${sizeBytes.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0`);
  // The checksum is taken with its own field blank.
  put(148, `        ${type}`);
  put(257, "ustar\x0000");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return header;
}

/** The header of a plain member, for whoever writes its bytes elsewhere. */
export function tarMemberHeader(name: string, sizeBytes: number): Uint8Array {
  return headerOf(encoder.encode(name), "0", sizeBytes);
}

/** The record's length counts its own digits. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length++;
  return encoder.encode(`${length} ${key}=${value}\n`);
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
