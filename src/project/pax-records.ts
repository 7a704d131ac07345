// PAX extended headers: `LENGTH KEY=VALUE\n` records before the file that they describe (POSIX.1-2001, pax,
// "Extended Header").
import { invalidArchive } from "./names.ts";
import { decodeText } from "./tar-header.ts";

/** The records that change what the next file is; others (times, owners) are ignored. */
export interface PaxRecords {
  readonly path: string | null;
  readonly sizeBytes: number | null;
}

/** Longest extended header that is read. */
export const MAX_PAX_BYTES = 64 * 1024;

/** Decodes the records. Throws TER_ARCHIVE_INVALID for malformed ones and for sparse files. */
export function readPaxRecords(bytes: Uint8Array): PaxRecords {
  let path: string | null = null;
  let sizeBytes: number | null = null;
  for (const [key, value] of splitRecords(bytes)) {
    if (key.startsWith("GNU.sparse")) throw invalidArchive("sparse files are not accepted");
    // In POSIX an empty value cancels an earlier one; in GNU tar it is an empty name.
    if ((key === "path" || key === "size") && value.length === 0)
      throw invalidArchive("a PAX record has no value");
    if (key === "path") path = decodeText(value);
    if (key === "size") sizeBytes = readDecimal(value);
  }
  return { path, sizeBytes };
}

function* splitRecords(bytes: Uint8Array): Generator<[key: string, value: Uint8Array]> {
  for (let start = 0; start < bytes.length;) {
    const space = bytes.indexOf(0x20, start);
    const digits = space === -1 ? "" : Buffer.from(bytes.subarray(start, space)).toString("latin1");
    if (!/^[1-9][0-9]{0,6}$/.test(digits)) throw invalidArchive("a PAX record has no length");
    const end = start + Number(digits);
    const equals = bytes.indexOf(0x3d, space);
    if (end > bytes.length || bytes[end - 1] !== 0x0a || equals === -1 || equals >= end)
      throw invalidArchive("a PAX record is malformed");
    yield [decodeText(bytes.subarray(space + 1, equals)), bytes.subarray(equals + 1, end - 1)];
    start = end;
  }
}

function readDecimal(value: Uint8Array): number {
  const text = Buffer.from(value).toString("latin1");
  if (!/^[0-9]{1,15}$/.test(text)) throw invalidArchive("a PAX size is malformed");
  return Number(text);
}
