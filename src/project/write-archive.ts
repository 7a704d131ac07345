// Writes a project as a tar: ustar headers, PAX records for names that ustar cannot hold. Equal projects give equal bytes.
import type { ProjectFiles } from "./files.ts";
import { TAR_BLOCK_BYTES } from "./tar-header.ts";

const USTAR_NAME_BYTES = 100;

/** The tar of the files, in the map's order. */
export function writeArchive(files: ProjectFiles): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array[] = [];
  for (const [name, bytes] of files) {
    if (needsPax(name)) addMember(blocks, "pax", "x", paxRecord("path", name));
    addMember(blocks, name, "0", bytes);
  }
  blocks.push(new Uint8Array(2 * TAR_BLOCK_BYTES));
  return concatenate(blocks);
}

function needsPax(name: string): boolean {
  return Buffer.byteLength(name) > USTAR_NAME_BYTES || /[^\x20-\x7e]/.test(name);
}

function addMember(blocks: Uint8Array[], name: string, type: string, body: Uint8Array): void {
  const padding = (TAR_BLOCK_BYTES - (body.length % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
  blocks.push(headerOf(name, type, body.length), body, new Uint8Array(padding));
}

function headerOf(name: string, type: string, sizeBytes: number): Uint8Array {
  const header = Buffer.alloc(TAR_BLOCK_BYTES);
  header.write(name, 0, USTAR_NAME_BYTES, "utf8");
  header.write("0000644\x000000000\x000000000\x00", 100, "latin1");
  header.write(`${sizeBytes.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0`, 124, "latin1");
  header.write(`        ${type}`, 148, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** The record's length counts its own digits. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length++;
  return Buffer.from(`${length} ${key}=${value}\n`);
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
