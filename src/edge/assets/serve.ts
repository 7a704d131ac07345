// Static files of a deployment, served before its program. A path is decoded once and looked up in a map. No
// file system is involved, so no path can escape.
import type { ArtifactStore, AssetEntry, Digest } from "../../store/types.ts";
import type { Exchange } from "../request/exchange.ts";
import { contentTypeOf } from "./content-type.ts";
import { readRange } from "./range.ts";

/** Assets of one edge kept in memory. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** The asset that a request names, or undefined if it is for the program. */
export function assetFor(
  assets: ReadonlyMap<string, AssetEntry>,
  method: string,
  target: string,
): readonly [path: string, entry: AssetEntry] | undefined {
  if (assets.size === 0 || (method !== "GET" && method !== "HEAD")) return undefined;
  const path = assetPath(target);
  const entry = path === undefined ? undefined : assets.get(path);
  return path === undefined || entry === undefined ? undefined : [path, entry];
}

/** The asset path of a request target; undefined if it cannot be decoded. */
function assetPath(target: string): string | undefined {
  const query = target.indexOf("?");
  const path = query === -1 ? target : target.slice(0, query);
  if (path === "/") return "/index.html";
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Sends assets, and caches their bytes by digest. */
export class AssetServer {
  readonly #artifacts: ArtifactStore;
  readonly #bodies = new Map<Digest, Uint8Array>();
  #bytes = 0;

  constructor(artifacts: ArtifactStore) {
    this.#artifacts = artifacts;
  }

  /**
   * Bytes of the body that was sent; undefined if the asset's bytes are gone, in which case the deployment is
   * gone too.
   */
  async serve(exchange: Exchange, path: string, entry: AssetEntry): Promise<number | undefined> {
    const etag = `"${entry.digest.slice(0, 32)}"`;
    const headers = ["etag", etag, "cache-control", "no-cache", "x-content-type-options", "nosniff"];
    if (matches(exchange.header("if-none-match"), etag)) {
      exchange.send(304, headers, "");
      return 0;
    }
    const body = this.#bodies.get(entry.digest) ?? (await this.#load(entry.digest));
    if (body === undefined) return undefined;
    headers.push("content-type", contentTypeOf(path), "accept-ranges", "bytes");
    const sent = sendRange(exchange, headers, etag, body);
    return exchange.method === "HEAD" ? 0 : sent;
  }

  async #load(digest: Digest): Promise<Uint8Array | undefined> {
    const body = await this.#artifacts.blob(digest);
    if (body === undefined || body.byteLength > CACHE_BYTES / 4) return body;
    if (!this.#bodies.has(digest)) {
      this.#bodies.set(digest, body);
      this.#bytes += body.byteLength;
      this.#evict();
    }
    return body;
  }

  #evict(): void {
    for (const [digest, body] of this.#bodies) {
      if (this.#bytes <= CACHE_BYTES) return;
      this.#bodies.delete(digest);
      this.#bytes -= body.byteLength;
    }
  }
}

/** Bytes of the body. */
function sendRange(exchange: Exchange, headers: string[], etag: string, body: Uint8Array): number {
  const wanted = exchange.method === "GET" ? exchange.header("range") : undefined;
  const condition = exchange.header("if-range");
  const range =
    wanted === undefined || (condition !== undefined && condition !== etag)
      ? null
      : readRange(wanted, body.byteLength);
  if (range?.kind === "part") {
    headers.push("content-range", `bytes ${range.start}-${range.end - 1}/${body.byteLength}`);
    exchange.send(206, headers, body.subarray(range.start, range.end));
    return range.end - range.start;
  }
  if (range?.kind === "unsatisfiable") {
    headers.push("content-range", `bytes */${body.byteLength}`);
    exchange.send(416, headers, "");
    return 0;
  }
  exchange.send(200, headers, body);
  return body.byteLength;
}

/** If-None-Match compares weakly (RFC 9110 section 13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === etag);
}
