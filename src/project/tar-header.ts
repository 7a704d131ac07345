// One 512-byte header of a tar archive, as written by POSIX (ustar), GNU tar, and tar of 1979.
import { invalidArchive } from "./names.ts";
import { TAR_BLOCK_BYTES } from "./tar-block.ts";

/** A header with its fields decoded; the name is not normalized yet. */
export interface TarHeader {
  readonly name: string;
  readonly sizeBytes: number;
  /** One character: `0` a file, `5` a folder, `x` a PAX header, … */
  readonly type: string;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Decodes the header at `offset`; null where a block of zeros ends the archive. */
export function readTarHeader(archive: Uint8Array, offset: number): TarHeader | null {
  const block = archive.subarray(offset, offset + TAR_BLOCK_BYTES);
  if (block.length < TAR_BLOCK_BYTES) throw invalidArchive("it ends inside a header");
  if (block.every((byte) => byte === 0)) return null;
  checkSum(block);
  const type = String.fromCharCode(block[156] ?? 0).replace("\0", "0");
  return { name: nameOf(block), sizeBytes: readNumber(block.subarray(124, 136)), type };
}

function nameOf(block: Uint8Array): string {
  const name = readHeaderText(block.subarray(0, 100));
  // GNU's own format ("ustar  ") keeps times where POSIX has the prefix.
  const isPosix = readHeaderText(block.subarray(257, 263)) === "ustar";
  const prefix = isPosix && block[262] === 0 ? readHeaderText(block.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function checkSum(block: Uint8Array): void {
  let sum = 0;
  for (let index = 0; index < TAR_BLOCK_BYTES; index++)
    sum += index >= 148 && index < 156 ? 0x20 : (block[index] ?? 0);
  if (sum !== readNumber(block.subarray(148, 156)))
    throw invalidArchive("a header's checksum is wrong; it must be a tar, not compressed otherwise");
}

/** Decodes text up to the first NUL. Throws TER_ARCHIVE_INVALID unless it is UTF-8. */
export function readHeaderText(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decodeText(end === -1 ? field : field.subarray(0, end));
}

/** Decodes all bytes. Throws TER_ARCHIVE_INVALID unless they are UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidArchive("a name is not UTF-8");
  }
}

function readNumber(field: Uint8Array): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return readBase256(field);
  const text = Buffer.from(field)
    .toString("latin1")
    .replace(/[\0 ]+$/, "")
    .trimStart();
  if (!/^[0-7]*$/.test(text)) throw invalidArchive("a header holds a malformed number");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

/** GNU's form for numbers that octal digits cannot hold: the first bit set, then a big-endian number. */
function readBase256(field: Uint8Array): number {
  let value = (field[0] ?? 0) & 0x7f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  if (!Number.isSafeInteger(value)) throw invalidArchive("a header holds a number out of range");
  return value;
}
