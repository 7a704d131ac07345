// The `name` section: optional names for functions and globals. Also makes names from the guest safe for
// messages.
import { ByteReader } from "./byte-reader.ts";
import { customSection } from "./sections.ts";

const SUBSECTION = { functions: 1, globals: 7 };
const MAX_SHOWN_LENGTH = 80;

/** Names of functions or of globals by index. A broken name section yields what could be read. */
export function readNames(bytes: Uint8Array, of: keyof typeof SUBSECTION): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const contents = customSection(bytes, "name");
  if (contents !== null)
    ignoringDamage(() => readSubsection(new ByteReader(contents), SUBSECTION[of], names));
  return names;
}

/** Names of functions by index. The name section is read at the first lookup. */
export function functionNames(bytes: Uint8Array): { get(functionIndex: number): string | null } {
  let names: ReadonlyMap<number, string> | null = null;
  return {
    get(functionIndex) {
      names ??= readNames(bytes, "functions");
      return names.get(functionIndex) ?? null;
    },
  };
}

/** A name chosen by the guest, for a message: short, printable, and in quotes if it is unusual. */
export function showName(name: string): string {
  const cut = name.length > MAX_SHOWN_LENGTH ? `${name.slice(0, MAX_SHOWN_LENGTH)}…` : name;
  if (/^[\w$.:/@~-]+…?$/.test(cut)) return cut;
  return JSON.stringify(cut).replace(
    /[^\x20-\x7e…]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}

function readSubsection(reader: ByteReader, wanted: number, names: Map<number, string>): void {
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.unsigned();
    const start = reader.position;
    reader.skip(size);
    if (id === wanted) readNameMap(new ByteReader(reader.bytes, start, start + size), names);
  }
}

function readNameMap(reader: ByteReader, names: Map<number, string>): void {
  for (let left = reader.unsigned(); left > 0; left--) {
    const index = reader.unsigned();
    names.set(index, reader.name());
  }
}

function ignoringDamage(read: () => void): void {
  try {
    read();
  } catch {
    // Custom sections are not validated: a broken one is no reason to refuse a module.
  }
}
