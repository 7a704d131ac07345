// Decodes upstream bodies: gzip, deflate, br and zstd, each layer limited while it unpacks.
import { promisify } from "node:util";
import { brotliDecompress, constants, inflate, inflateRaw, zstdDecompress } from "node:zlib";
import { OutboundFailure } from "./failure.ts";
import { decodeGzip, type DecodeOptions } from "./gzip.ts";

/** Layers of encoding; each costs work, and nobody needs two. */
const MAX_CODINGS = 5;

/** An encoded body that lacks its end gives what it has, as in curl: some servers leave the trailer out. */
const UNFINISHED = {
  zlib: { finishFlush: constants.Z_SYNC_FLUSH },
  brotli: { finishFlush: constants.BROTLI_OPERATION_FLUSH },
  zstd: { finishFlush: constants.ZSTD_e_flush },
};

type Decoder = (body: Uint8Array, maxOutputLength: number) => Promise<Uint8Array>;

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  [
    "deflate",
    (body, max) =>
      (hasZlibHeader(body) ? bounded(promisify(inflate)) : bounded(promisify(inflateRaw)))(body, max),
  ],
  ["br", bounded(promisify(brotliDecompress), UNFINISHED.brotli)],
  ["zstd", bounded(promisify(zstdDecompress), UNFINISHED.zstd)],
]);

/**
 * The body without its codings, or null if one of them is unknown or there is nothing to decode. Rejects
 * beyond `maxBytes`.
 */
export async function decodeBody(
  codings: readonly string[],
  body: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const names = codings
    .flatMap((value) => value.split(","))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "identity");
  if (names.length > MAX_CODINGS)
    throw new OutboundFailure(`the answer is encoded ${names.length} times; the limit is ${MAX_CODINGS}`);
  const decoders = names.map((name) => DECODERS.get(name)).filter((decoder) => decoder !== undefined);
  if (names.length === 0 || body.length === 0 || decoders.length < names.length) return null;
  let decoded = body;
  for (const decode of decoders.toReversed()) decoded = await decode(decoded, maxBytes);
  return decoded;
}

type Decode = (body: Uint8Array, options: DecodeOptions) => Promise<Uint8Array>;

function bounded(decode: Decode, unfinished: { finishFlush: number } = UNFINISHED.zlib): Decoder {
  return (body, maxBytes) =>
    decode(body, { maxOutputLength: Math.max(1, maxBytes), chunkSize: 64 * 1024, ...unfinished });
}

/** Servers send the zlib format as `gzip` too, and curl takes either. */
function gunzip(body: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return bounded(hasZlibHeader(body) ? promisify(inflate) : decodeGzip)(body, maxBytes);
}

/** Servers send `deflate` with and without the zlib header (RFC 1950) that RFC 9110 asks for. */
function hasZlibHeader(body: Uint8Array): boolean {
  const [first = 0, second = 0] = body;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
