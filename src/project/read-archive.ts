// Reads an uploaded tar. It accepts only regular files with clean names, and refuses whatever two readers
// could understand differently: links, sparse files, a duplicate size, a duplicate name.
import { gunzipSync } from "node:zlib";
import { TerrariumError } from "../errors/index.ts";
import type { Limits } from "../config/index.ts";
import type { ProjectFiles } from "./files.ts";
import { cleanName, FileCollector, invalidArchive, isIgnored, MAX_NAME_BYTES } from "./names.ts";
import { MAX_PAX_BYTES, type PaxRecords, readPaxRecords } from "./pax-records.ts";
import { TAR_BLOCK_BYTES } from "./tar-block.ts";
import { readHeaderText, readTarHeader, type TarHeader } from "./tar-header.ts";

/** Limits for an archive. */
export type ArchiveLimits = Pick<Limits, "uploadBytes" | "unpackedBytes" | "archiveEntries">;

/** A compressed archive may expand by this factor, and always by one mebibyte. */
const MAX_COMPRESSION_RATIO = 50;
const RATIO_FLOOR_BYTES = 1024 * 1024;

/**
 * The project in a tar, or in a gzip-compressed one. Dotfiles, `node_modules` and folder entries are left
 * out. Throws TER_ARCHIVE_INVALID or TER_ARCHIVE_TOO_LARGE. The files are views of the archive.
 */
export function readArchive(archive: Uint8Array, limits: ArchiveLimits): ProjectFiles {
  checkLimit(archive.length, limits.uploadBytes, "bytes", "uploadBytes");
  return new ArchiveReader(isGzip(archive) ? unzip(archive, limits) : archive, limits).read();
}

function checkLimit(used: number, allowed: number, unit: string, limit: keyof ArchiveLimits): void {
  if (used > allowed) throw new TerrariumError("TER_ARCHIVE_TOO_LARGE", { used, allowed, unit, limit });
}

function isGzip(archive: Uint8Array): boolean {
  return archive[0] === 0x1f && archive[1] === 0x8b;
}

function unzip(archive: Uint8Array, limits: ArchiveLimits): Uint8Array {
  // Each file has a header and padding.
  const largest = limits.unpackedBytes + limits.archiveEntries * 2 * TAR_BLOCK_BYTES;
  const allowed = Math.min(largest, Math.max(RATIO_FLOOR_BYTES, archive.length * MAX_COMPRESSION_RATIO));
  try {
    return gunzipSync(archive, { maxOutputLength: allowed });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw new TerrariumError("TER_ARCHIVE_TOO_LARGE", {
        used: `more than ${allowed.toLocaleString("en-US")}`,
        allowed,
        unit: "bytes",
        limit: "unpackedBytes",
      });
    throw invalidArchive("it looks like gzip and cannot be decompressed");
  }
}

class ArchiveReader {
  readonly #archive: Uint8Array;
  readonly #limits: ArchiveLimits;
  readonly #collector = new FileCollector();
  #offset = 0;
  #entries = 0;
  #unpackedBytes = 0;
  /** What extended headers said about the next entry. */
  #pax: PaxRecords | null = null;
  #longName: string | null = null;

  constructor(archive: Uint8Array, limits: ArchiveLimits) {
    this.#archive = archive;
    this.#limits = limits;
  }

  read(): ProjectFiles {
    while (this.#offset < this.#archive.length) {
      const header = readTarHeader(this.#archive, this.#offset);
      if (header === null) break;
      this.#offset += TAR_BLOCK_BYTES;
      this.#readEntry(header, this.#takeBody(header.sizeBytes));
    }
    if (this.#pax !== null || this.#longName !== null)
      throw invalidArchive("it ends after an extended header");
    return this.#collector.files;
  }

  #takeBody(sizeBytes: number): Uint8Array {
    const end = this.#offset + sizeBytes;
    if (end > this.#archive.length) throw invalidArchive("it ends inside a file");
    const body = this.#archive.subarray(this.#offset, end);
    this.#offset = this.#offset + Math.ceil(sizeBytes / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
    return body;
  }

  #readEntry(header: TarHeader, body: Uint8Array): void {
    if (header.type === "x") this.#readPax(body);
    else if (header.type === "g") refuseGlobalNames(body);
    else if (header.type === "L") this.#readLongName(body);
    else if (header.type !== "K") this.#readMember(header, body);
  }

  #readPax(body: Uint8Array): void {
    if (this.#pax !== null) throw invalidArchive("two extended headers describe one file");
    if (body.length > MAX_PAX_BYTES) throw invalidArchive("an extended header is too long");
    this.#pax = readPaxRecords(body);
  }

  #readLongName(body: Uint8Array): void {
    if (this.#longName !== null) throw invalidArchive("two long names describe one file");
    if (body.length > MAX_NAME_BYTES + 1)
      throw invalidArchive(`a name is longer than ${MAX_NAME_BYTES} bytes`);
    this.#longName = readHeaderText(body);
  }

  #readMember(header: TarHeader, body: Uint8Array): void {
    checkLimit(++this.#entries, this.#limits.archiveEntries, "entries", "archiveEntries");
    const raw = this.#takeName(header);
    const name = cleanName(raw);
    // To some readers a link's size is that of its body, to others that of its target.
    const isRegular = header.type === "0" || header.type === "7";
    if (!isRegular && body.length > 0) throw invalidArchive(`${name} is not a regular file and has contents`);
    // What is left out cannot do harm: node_modules is full of links.
    if (isIgnored(name)) return;
    const isFolder = header.type === "5" || /(^|[\\/])\.?$/.test(raw);
    if (isFolder && body.length > 0) throw invalidArchive(`the folder ${name} has contents of its own`);
    if (isFolder) return;
    if (!isRegular)
      throw invalidArchive(`${name} is ${describeType(header.type)}; only regular files are accepted`);
    if (name === "") throw invalidArchive("a file has no name");
    this.#unpackedBytes += body.length;
    checkLimit(this.#unpackedBytes, this.#limits.unpackedBytes, "bytes", "unpackedBytes");
    this.#collector.add(name, body);
  }

  #takeName(header: TarHeader): string {
    const [pax, longName] = [this.#pax, this.#longName];
    [this.#pax, this.#longName] = [null, null];
    if (pax?.path !== null && pax?.path !== undefined && longName !== null)
      throw invalidArchive("one file has two long names");
    // Readers that trust one size and skip by the other see different archives.
    if (pax?.sizeBytes !== null && pax?.sizeBytes !== undefined && pax.sizeBytes !== header.sizeBytes)
      throw invalidArchive("a PAX size differs from the header's");
    return pax?.path ?? longName ?? header.name;
  }
}

/** A global header may comment (git writes one), not rename or resize all that follows. */
function refuseGlobalNames(body: Uint8Array): void {
  if (body.length > MAX_PAX_BYTES) throw invalidArchive("an extended header is too long");
  const { path, sizeBytes } = readPaxRecords(body);
  if (path !== null || sizeBytes !== null) throw invalidArchive("a global header names or sizes all files");
}

function describeType(type: string): string {
  const kinds: Record<string, string> = {
    "1": "a hard link",
    "2": "a symbolic link",
    "3": "a character device",
    "4": "a block device",
    "6": "a named pipe",
    S: "a sparse file",
  };
  return kinds[type] ?? `an entry of type ${JSON.stringify(type)}`;
}
