// The file that a backup is: a tar, so that common tools can look into it, whose last member holds the digest
// of every other. Read and written member by member; only one is in memory at a time.
import { createHash, hash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { TAR_BLOCK_BYTES, tarMemberHeader } from "../../../project/index.ts";
import { TerrariumError } from "../../../errors/index.ts";

const CONTENTS = "CONTENTS.json";
const CHUNK_BYTES = 1024 * 1024;
const SAFE_NAME = /^(?:[\w@.-]+\/)*[\w@.-]+$/;

/** Digests of the members by name. */
type Contents = Record<string, string>;

/** Writes members one after the other. */
export class ArchiveWriter {
  readonly #file: number;
  readonly #contents: Contents = {};

  /** The file must not exist; only its owner may read it, since it holds keys. */
  constructor(path: string) {
    this.#file = openSync(path, "wx", 0o600);
  }

  /** Members so far. */
  get count(): number {
    return Object.keys(this.#contents).length;
  }

  addBytes(name: string, bytes: Uint8Array): void {
    this.#write(tarMemberHeader(name, bytes.length));
    this.#write(bytes);
    this.#pad(bytes.length);
    this.#contents[name] = hash("sha256", bytes);
  }

  /** Adds a file that does not change meanwhile. */
  addFile(name: string, path: string): void {
    const { size } = statSync(path);
    this.#write(tarMemberHeader(name, size));
    const digest = createHash("sha256");
    for (const chunk of chunksOf(path, size)) {
      digest.update(chunk);
      this.#write(chunk);
    }
    this.#pad(size);
    this.#contents[name] = digest.digest("hex");
  }

  /** Ends the archive; it is on disk then. */
  finish(): void {
    this.addBytes(CONTENTS, Buffer.from(JSON.stringify(this.#contents)));
    this.#write(Buffer.alloc(2 * TAR_BLOCK_BYTES));
    fsyncSync(this.#file);
    this.close();
  }

  close(): void {
    closeSync(this.#file);
  }

  #pad(size: number): void {
    this.#write(Buffer.alloc((TAR_BLOCK_BYTES - (size % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES));
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
  }
}

/** Unpacks an archive into a folder and verifies every digest. Throws TER_BACKUP_DAMAGED. */
export function unpackArchive(path: string, folder: string, onMember: (count: number) => void): void {
  const file = openSync(path, "r");
  const digests: Contents = {};
  let contents: Contents | null = null;
  const damaged = (reason: string) => new TerrariumError("TER_BACKUP_DAMAGED", { file: path, reason });
  try {
    for (let at = 0; contents === null;) {
      const header = read(file, at, TAR_BLOCK_BYTES);
      const name = header.toString("latin1", 0, 100).replace(/\0.*$/s, "");
      const size = Number.parseInt(header.toString("latin1", 124, 135), 8);
      if (header.length < TAR_BLOCK_BYTES || !SAFE_NAME.test(name) || name.includes("..") || !(size >= 0))
        throw damaged("it ends too early, or is no backup");
      at += TAR_BLOCK_BYTES;
      if (name === CONTENTS) contents = JSON.parse(read(file, at, size).toString()) as Contents;
      else digests[name] = extract(file, at, size, join(folder, name));
      at += Math.ceil(size / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
      onMember(Object.keys(digests).length);
    }
  } catch (error) {
    throw error instanceof SyntaxError ? damaged("its list of contents cannot be read") : error;
  } finally {
    closeSync(file);
  }
  const names = new Set([...Object.keys(contents), ...Object.keys(digests)]);
  for (const name of names) if (contents[name] !== digests[name]) throw damaged(`${name} has other bytes`);
}

/** Writes a member's bytes to a file of their own, synced; returns their digest. */
function extract(archive: number, start: number, size: number, path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const digest = createHash("sha256");
  const target = openSync(path, "wx", 0o600);
  try {
    for (let at = 0; at < size;) {
      const chunk = read(archive, start + at, Math.min(CHUNK_BYTES, size - at));
      if (chunk.length === 0) break;
      digest.update(chunk);
      for (let done = 0; done < chunk.length;) done += writeSync(target, chunk, done);
      at += chunk.length;
    }
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
  return digest.digest("hex");
}

function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, position));
}

function* chunksOf(path: string, size: number): Generator<Buffer> {
  const file = openSync(path, "r");
  try {
    for (let at = 0; at < size;) {
      const chunk = read(file, at, Math.min(CHUNK_BYTES, size - at));
      if (chunk.length === 0) throw new Error(`${path} became shorter`);
      yield chunk;
      at += chunk.length;
    }
  } finally {
    closeSync(file);
  }
}
