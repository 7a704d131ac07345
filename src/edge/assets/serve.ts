// Static files of a deployment, before its program: conditions, ranges, codings.
import type { ArtifactStore, AssetEntry, Digest } from "../../store/types.ts";
import type { Exchange } from "../request/exchange.ts";
import { type Coding, codingFor, encode, isCompressible } from "../response/encoding.ts";
import { allowsRange, conditionalStatus, httpDate, type Validators } from "./conditions.ts";
import { contentTypeOf } from "./content-type.ts";
import { readRange } from "./range.ts";

/** Assets of one edge kept in memory. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** Files beside an asset that hold it in a coding, by the end of their names. */
const PRECOMPRESSED: Readonly<Record<Coding, string>> = { br: ".br", zstd: ".zst", gzip: ".gz" };

/** An asset as a deployment has it. */
export interface ServedAsset {
  readonly path: string;
  readonly entry: AssetEntry;
  /** All assets of the deployment. */
  readonly assets: ReadonlyMap<string, AssetEntry>;
  readonly lastModifiedMs: number;
}

/** One representation of an asset. */
interface Variant {
  readonly body: Uint8Array;
  readonly coding: Coding | null;
  readonly validators: Validators;
}

/** Sends assets, and caches their bytes by digest. */
export class AssetServer {
  readonly #artifacts: ArtifactStore;
  /** By digest, or by digest and coding. */
  readonly #bodies = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(artifacts: ArtifactStore) {
    this.#artifacts = artifacts;
  }

  /**
   * Bytes of the body that was sent; undefined if the asset's bytes are gone, in which case the deployment is
   * gone too.
   */
  async serve(exchange: Exchange, asset: ServedAsset): Promise<number | undefined> {
    const variant = await this.#variantFor(exchange, asset);
    if (variant === undefined) return undefined;
    const { coding, validators } = variant;
    const headers = ["etag", validators.etag, "last-modified", httpDate(validators.lastModifiedMs)];
    headers.push("cache-control", "no-cache", "x-content-type-options", "nosniff");
    if (hasVariants(asset)) headers.push("vary", "accept-encoding");
    const status = conditionalStatus(exchange, validators);
    if (status !== 200) {
      exchange.send(status, headers, "");
      return 0;
    }
    headers.push("content-type", contentTypeOf(asset.path));
    if (coding === null) headers.push("accept-ranges", "bytes");
    else headers.push("content-encoding", coding);
    const sent = sendRange(exchange, headers, variant);
    return exchange.method === "HEAD" ? 0 : sent;
  }

  /** The representation that the client likes best. A range is one of the file as it is. */
  async #variantFor(exchange: Exchange, asset: ServedAsset): Promise<Variant | undefined> {
    const { entry, lastModifiedMs } = asset;
    const coded = exchange.header("range") === undefined ? await this.#coded(exchange, asset) : null;
    if (coded !== null) return coded;
    const body = await this.#bytesOf(entry.digest);
    const etag = `"${entry.digest.slice(0, 32)}"`;
    return body && { body, coding: null, validators: { etag, lastModifiedMs } };
  }

  async #coded(exchange: Exchange, asset: ServedAsset): Promise<Variant | null> {
    const { path, entry, assets, lastModifiedMs } = asset;
    const accepted = exchange.header("accept-encoding");
    if (accepted === undefined) return null;
    const ready = (Object.keys(PRECOMPRESSED) as Coding[]).filter((coding) =>
      assets.has(path + PRECOMPRESSED[coding]),
    );
    const mayEncode = isCompressible(contentTypeOf(path), entry.sizeBytes);
    const coding = codingFor(accepted, ready) ?? (mayEncode ? codingFor(accepted) : null);
    if (coding === null) return null;
    const beside = assets.get(path + PRECOMPRESSED[coding]);
    const body =
      beside === undefined ? await this.#encoded(entry.digest, coding) : await this.#bytesOf(beside.digest);
    const digest = beside?.digest ?? entry.digest;
    const etag = `"${digest.slice(0, 32)}-${coding}"`;
    return body ? { body, coding, validators: { etag, lastModifiedMs } } : null;
  }

  /** Null while too much is being compressed, and where compressing does not help. */
  async #encoded(digest: Digest, coding: Coding): Promise<Uint8Array | null> {
    const key = `${digest} ${coding}`;
    const known = this.#bodies.get(key);
    if (known !== undefined) return known;
    const body = await this.#bytesOf(digest);
    const bytes = body && (await encode(coding, body));
    if (!bytes || bytes.byteLength >= body.byteLength) return null;
    this.#keep(key, bytes);
    return bytes;
  }

  async #bytesOf(digest: Digest): Promise<Uint8Array | undefined> {
    const known = this.#bodies.get(digest);
    if (known !== undefined) return known;
    const body = await this.#artifacts.blob(digest);
    if (body !== undefined) this.#keep(digest, body);
    return body;
  }

  #keep(key: string, body: Uint8Array): void {
    if (body.byteLength > CACHE_BYTES / 4 || this.#bodies.has(key)) return;
    this.#bodies.set(key, body);
    this.#bytes += body.byteLength;
    for (const [oldest, { byteLength }] of this.#bodies) {
      if (this.#bytes <= CACHE_BYTES) return;
      this.#bodies.delete(oldest);
      this.#bytes -= byteLength;
    }
  }
}

function hasVariants({ path, entry, assets }: ServedAsset): boolean {
  return (
    isCompressible(contentTypeOf(path), entry.sizeBytes) ||
    Object.values(PRECOMPRESSED).some((end) => assets.has(path + end))
  );
}

/** Bytes of the body. */
function sendRange(exchange: Exchange, headers: string[], { body, validators }: Variant): number {
  const wanted = exchange.method === "GET" ? exchange.header("range") : undefined;
  const range =
    wanted === undefined || !allowsRange(exchange.header("if-range"), validators)
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
