// Which names a project's files may have: clean, relative, and the same on every file system.
import { TerrariumError } from "../errors/index.ts";

/** Longest name of a file, in UTF-8 bytes. */
export const MAX_NAME_BYTES = 1024;
/** Longest part between two slashes: the maximum of common file systems. */
const MAX_SEGMENT_BYTES = 255;

/** The error for an archive that cannot be accepted. */
export function invalidArchive(reason: string): TerrariumError {
  return new TerrariumError("TER_ARCHIVE_INVALID", { reason });
}

/**
 * Normalizes a name with backslashes or a leading `./` to `a/b/c`. Throws TER_ARCHIVE_INVALID for anything
 * that could name a file outside the project: absolute, drive, `..`, NUL.
 */
export function cleanName(raw: string): string {
  const name = raw.replaceAll("\\", "/");
  const problem = problemOf(name);
  if (problem !== null) throw invalidArchive(`the name ${JSON.stringify(raw.slice(0, 200))} ${problem}`);
  const segments = name.split("/").filter((segment) => segment !== "" && segment !== ".");
  return segments.join("/");
}

function problemOf(name: string): string | null {
  if (name === "") return "is empty";
  if (hasControlCharacter(name)) return "holds a control character";
  if (name.startsWith("/")) return "is absolute";
  if (/^[A-Za-z]:/.test(name)) return "starts with a drive letter";
  const segments = name.split("/");
  if (segments.includes("..")) return "leaves the project";
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `is longer than ${MAX_NAME_BYTES} bytes`;
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES))
    return `has a part longer than ${MAX_SEGMENT_BYTES} bytes`;
  return null;
}

function hasControlCharacter(name: string): boolean {
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/**
 * True for what never belongs to a project: dotfiles and `node_modules`, at any depth. `.well-known` is a
 * part of URLs (RFC 8615), not a dotfile.
 */
export function isIgnored(name: string): boolean {
  return name
    .split("/")
    .some((segment) => (segment.startsWith(".") && segment !== ".well-known") || segment === "node_modules");
}

/**
 * One key for all spellings that some file system considers the same name (letter case, composed or
 * decomposed accents).
 */
function foldName(name: string): string {
  return name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

/**
 * Collects files and refuses a name that is taken: a duplicate, a name that differs only in case or accents,
 * or a file whose name is another file's folder. Parsers and file systems disagree about all of these.
 */
export class FileCollector {
  readonly files = new Map<string, Uint8Array>();
  readonly #kinds = new Map<string, { readonly kind: "file" | "folder"; readonly name: string }>();

  add(name: string, bytes: Uint8Array): void {
    for (let slash = name.indexOf("/"); slash !== -1; slash = name.indexOf("/", slash + 1))
      this.#claimFolder(name.slice(0, slash));
    const key = foldName(name);
    const taken = this.#kinds.get(key);
    if (taken !== undefined)
      throw invalidArchive(`${name} and ${taken.name} are one name to some file systems`);
    this.#kinds.set(key, { kind: "file", name });
    this.files.set(name, bytes);
  }

  #claimFolder(folder: string): void {
    const key = foldName(folder);
    const taken = this.#kinds.get(key);
    if (taken?.kind === "file") throw invalidArchive(`${taken.name} is both a file and a folder`);
    if (taken === undefined) this.#kinds.set(key, { kind: "folder", name: folder });
  }
}
