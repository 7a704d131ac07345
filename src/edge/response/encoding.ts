// Content codings: which one a client gets, and which bodies are worth one.
import { promisify } from "node:util";
import { brotliCompress, constants, gzip, zstdCompress } from "node:zlib";

/** Those we make, best first where a client likes several alike. */
const CODINGS = ["br", "zstd", "gzip"] as const;
export type Coding = (typeof CODINGS)[number];

/** Smaller bodies fit into one packet anyway. */
const MIN_BYTES = 1024;
/** Larger ones keep a thread busy for too long: at these levels about 50 MB a second. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Bodies being compressed at once; further ones go out as they are. */
const MAX_UNDER_WAY = 8;
const WORTHWHILE =
  /^(?:text\/|application\/(?:javascript|json|xml|wasm|[\w.+-]+\+(?:json|xml))|image\/svg\+xml|font\/(?:ttf|otf))/i;

const gzipBytes = promisify(gzip);
const brotliBytes = promisify(brotliCompress);
const zstdBytes = promisify(zstdCompress);
let underWay = 0;

/** True for types that compress well, of a size that is worth it. */
export function isCompressible(contentType: string | undefined, bytes: number): boolean {
  if (bytes < MIN_BYTES || bytes > MAX_BYTES || contentType === undefined) return false;
  return WORTHWHILE.test(contentType) && !contentType.startsWith("text/event-stream");
}

/** The coding that a client wants most (RFC 9110 section 12.5.3) of those offered; null: none. */
export function codingFor(
  acceptEncoding: string | undefined,
  offered: readonly Coding[] = CODINGS,
): Coding | null {
  if (acceptEncoding === undefined) return null;
  const weights = weightsOf(acceptEncoding);
  let best: Coding | null = null;
  let bestWeight = weights.get("identity") ?? 0;
  for (const coding of offered) {
    const weight = weights.get(coding) ?? weights.get("*") ?? 0;
    if (weight === 0 || weight < bestWeight || (weight === bestWeight && best !== null)) continue;
    best = coding;
    bestWeight = weight;
  }
  return best;
}

function weightsOf(acceptEncoding: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of acceptEncoding.split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    weights.set(
      name === "x-gzip" ? "gzip" : name,
      /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality) ? Number(quality) : 0,
    );
  }
  return weights;
}

/** The body in a coding; null if too much is being compressed already. */
export async function encode(coding: Coding, body: Uint8Array): Promise<Uint8Array | null> {
  if (underWay >= MAX_UNDER_WAY) return null;
  underWay++;
  try {
    if (coding === "gzip") return await gzipBytes(body, { level: 5 });
    if (coding === "zstd") return await zstdBytes(body);
    return await brotliBytes(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 4,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.byteLength,
      },
    });
  } finally {
    underWay--;
  }
}

/** Headers of a response whose body was or may be encoded: `Vary` names what the choice depends on. */
export function varies(headers: readonly string[]): string[] {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "vary");
  if (at === -1) return [...headers, "vary", "accept-encoding"];
  const value = headers[at + 1] ?? "";
  if (/(^|,)\s*(\*|accept-encoding)\s*(,|$)/i.test(value)) return [...headers];
  return headers.with(at + 1, `${value}, accept-encoding`);
}
