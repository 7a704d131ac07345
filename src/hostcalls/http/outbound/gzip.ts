// gzip as servers send it (RFC 1952): several members, bytes behind the last one, or no trailer.
import { promisify } from "node:util";
import { constants, crc32, gunzip, inflateRaw } from "node:zlib";

/** Options that bound the work and let an unfinished body give what it has. */
export interface DecodeOptions {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
  readonly finishFlush: number;
}

const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;
const FIXED_HEADER_BYTES = 10;
const CRC_BYTES = 4;

const gunzipAll = promisify(gunzip);
const inflateWithInfo = promisify<
  Uint8Array,
  DecodeOptions & { readonly info: true },
  { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }
>(inflateRaw as never);

/** The unpacked bytes. Rejects with zlib's errors. */
export async function decodeGzip(body: Uint8Array, options: DecodeOptions): Promise<Uint8Array> {
  try {
    return await gunzipAll(body, options);
  } catch (error) {
    if ((error as { readonly errno?: unknown }).errno !== constants.Z_DATA_ERROR) throw error;
    return (await decodeFirstMember(body, options)) ?? Promise.reject(error as Error);
  }
}

/** The first member, if it is whole and right: what follows it is not gzip. */
async function decodeFirstMember(body: Uint8Array, options: DecodeOptions): Promise<Uint8Array | null> {
  const start = headerEnd(body);
  if (start === null) return null;
  const { buffer, engine } = await inflateWithInfo(body.subarray(start), { ...options, info: true });
  const end = start + engine.bytesWritten;
  if (end + CRC_BYTES > body.length) return null;
  const crc = new DataView(body.buffer, body.byteOffset + end, CRC_BYTES).getUint32(0, true);
  return crc === crc32(buffer) ? buffer : null;
}

/** Where the header of a member ends; null if it is none. */
function headerEnd(body: Uint8Array): number | null {
  const [first, second, method, flags = 0] = body;
  if (first !== 0x1f || second !== 0x8b || method !== 8) return null;
  let at = FIXED_HEADER_BYTES;
  if ((flags & FLAG.extra) !== 0) at += 2 + (body[at] ?? 0) + ((body[at + 1] ?? 0) << 8);
  for (const flag of [FLAG.name, FLAG.comment]) {
    if ((flags & flag) === 0) continue;
    const end = body.indexOf(0, at);
    if (end < 0) return null;
    at = end + 1;
  }
  return (flags & FLAG.headerCrc) === 0 ? at : at + 2;
}
