// Modules built earlier, kept on disk under a digest of everything that went into them. Losing the cache
// costs only time.
import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../config/make-folder.ts";
import type { Language } from "../languages/list.ts";
import type { Diagnostic } from "../compiler-host/compiler.ts";
import type { ProjectFiles } from "../project/files.ts";

/** What a build left. */
export interface CachedBuild {
  readonly wasm: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
  readonly output: string;
}

/** Everything that determines the result of a build. */
export interface BuildInputs {
  readonly language: Language;
  readonly fingerprint: string;
  readonly flags: readonly string[];
  /** Only the files that the compiler may read. */
  readonly files: ProjectFiles;
}

/** Part of every key: raise it when the format of entries changes. */
const FORMAT = 1;
const DIGEST_BYTES = 32;
const ENTRY_NAME = /^[0-9a-f]{64}$/;

/** Digest of the inputs. */
export function cacheKey({ language, fingerprint, flags, files }: BuildInputs): string {
  const hash = createHash("sha256").update(JSON.stringify([FORMAT, language, fingerprint, flags]));
  for (const name of [...files.keys()].sort()) {
    const bytes = files.get(name) ?? new Uint8Array();
    hash.update(`\0${JSON.stringify(name)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/**
 * A folder of entries with a size limit; the least recently used are dropped first. An entry is a digest
 * followed by what it covers: a line of JSON and the module. A truncated or altered entry counts as missing.
 */
export class BuildCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  /** Size of each entry, by name, in order of use; null until the folder has been read. */
  #sizes: Map<string, number> | null = null;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  async get(key: string): Promise<CachedBuild | undefined> {
    const file = join(this.#folder, key);
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null) return undefined;
    const entry = decodeEntry(bytes);
    if (entry === undefined) {
      await rm(file, { force: true });
      return undefined;
    }
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    this.#use(key, bytes.length);
    return entry;
  }

  /** Keeps the build. If the disk is full or the folder not writable, the entry is lost but not the build. */
  async put(key: string, build: CachedBuild): Promise<void> {
    const bytes = encodeEntry(build);
    if (bytes.length > this.#maxBytes) return;
    const temporary = join(this.#folder, `tmp-${randomUUID()}`);
    try {
      makeFolder(this.#folder);
      await writeFile(temporary, bytes);
      await rename(temporary, join(this.#folder, key));
      await this.#scan();
      this.#use(key, bytes.length);
      await this.#evict();
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  #use(key: string, sizeBytes: number): void {
    this.#sizes?.delete(key);
    this.#sizes?.set(key, sizeBytes);
  }

  async #scan(): Promise<void> {
    if (this.#sizes !== null) return;
    const found: { name: string; size: number; usedMs: number }[] = [];
    for (const name of await readdir(this.#folder)) {
      // What a killed process left half written.
      if (!ENTRY_NAME.test(name)) await rm(join(this.#folder, name), { force: true });
      const info = await stat(join(this.#folder, name)).catch(() => null);
      if (info !== null) found.push({ name, size: info.size, usedMs: info.mtimeMs });
    }
    found.sort((one, other) => one.usedMs - other.usedMs);
    this.#sizes = new Map(found.map(({ name, size }) => [name, size]));
  }

  async #evict(): Promise<void> {
    let total = this.#sizes?.values().reduce((sum, size) => sum + size, 0) ?? 0;
    for (const [name, size] of this.#sizes ?? []) {
      if (total <= this.#maxBytes) return;
      await rm(join(this.#folder, name), { force: true });
      this.#sizes?.delete(name);
      total -= size;
    }
  }
}

function encodeEntry({ wasm, diagnostics, output }: CachedBuild): Uint8Array {
  const body = Buffer.concat([Buffer.from(`${JSON.stringify({ diagnostics, output })}\n`), wasm]);
  return Buffer.concat([createHash("sha256").update(body).digest(), body]);
}

function decodeEntry(bytes: Uint8Array): CachedBuild | undefined {
  const body = bytes.subarray(DIGEST_BYTES);
  const digest = createHash("sha256").update(body).digest();
  if (!digest.equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
  const lineEnd = body.indexOf(0x0a);
  const { diagnostics, output } = JSON.parse(Buffer.from(body.subarray(0, lineEnd)).toString()) as Omit<
    CachedBuild,
    "wasm"
  >;
  return { wasm: body.subarray(lineEnd + 1), diagnostics, output };
}
