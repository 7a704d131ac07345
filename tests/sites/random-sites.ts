// Random static sites, and requests for their files: odd names and spellings, codings, conditions and ranges.
import * as fc from "fast-check";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";

/** The coding's name, the end of the names of files that hold it, and how it is made. */
const CODINGS = [
  ["br", ".br", brotliCompressSync],
  ["zstd", ".zst", zstdCompressSync],
  ["gzip", ".gz", gzipSync],
] as const;

export interface Site {
  /** Contents by the path that names them, percent-decoded, in the form that the project has it. */
  readonly files: Readonly<Record<string, Buffer>>;
}

/** A request for one of the site's files, for a folder, or for what is not there. */
export interface SiteRequest {
  /** Path that was meant, percent-decoded. */
  readonly path: string;
  /** As it is sent. */
  readonly target: string;
  readonly method: "GET" | "HEAD";
  readonly acceptEncoding: readonly string[];
  readonly range: Range | null;
  readonly conditions: readonly Condition[];
}

interface Range {
  readonly text: string;
  /** For a body of so many bytes: what is asked for, null: all of it. */
  readonly part: (size: number) => readonly [start: number, end: number] | "none" | null;
}

/** A condition whose meaning is known without reading it. */
interface Condition {
  readonly name: "if-match" | "if-none-match" | "if-modified-since" | "if-unmodified-since" | "if-range";
  /** Values of the header's lines, made of the file's validators. */
  readonly lines: (etag: string, modifiedMs: number) => readonly string[];
  /** Whether the file's entity tag is among them, compared strongly and weakly; null for a date. */
  readonly names: { readonly strong: boolean; readonly weak: boolean } | null;
  /** Milliseconds from the file's date to that of the condition; null: no date, or not a valid one. */
  readonly distanceMs: number | null;
}

const words = [
  ..."aZ0-_~!$&'()*+,;=:@ \"<>[]^`{|}\\%#?",
  "é",
  "e\u0301",
  "日本",
  "🦀",
  "ﬁ",
  "Å",
  "..",
  ".well-known",
  "index.html",
  "%2e",
  "%41",
  "__proto__",
];
const name = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }).map((all) => all.join(""));
const end = fc.constantFrom("", ".js", ".css", ".html", ".PNG", ".txt", ".wasm", ".tar.gz", ".json");
const content = fc.constantFrom(
  Buffer.alloc(0),
  Buffer.from("x"),
  Buffer.alloc(1023, "ab"),
  Buffer.alloc(3000, "some text "),
  Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * 7919) % 251)),
);

const file = fc.tuple(fc.array(name, { maxLength: 2 }), name, end, content, fc.subarray([...CODINGS]));

/** A site of up to six files, some of them with files beside them that hold a coding. */
export const randomSite: fc.Arbitrary<Site> = fc.array(file, { minLength: 1, maxLength: 6 }).map((all) => {
  const files: Record<string, Buffer> = {};
  for (const [folders, last, ending, bytes, codings] of all) {
    const path = `/${[...folders, last].join("/")}${ending}`;
    add(files, path, bytes);
    for (const [, beside, encode] of codings) add(files, path + beside, encode(bytes));
    add(files, `/${[...folders, "index.html"].join("/")}`, Buffer.from(`index of ${folders.join("/")}`));
  }
  return { files };
});

/** Names that are one in Unicode are one file: the first. */
function add(files: Record<string, Buffer>, path: string, bytes: Buffer): void {
  if (Object.keys(files).some((known) => known.normalize() === path.normalize())) return;
  Object.defineProperty(files, path, { value: bytes, enumerable: true });
}

const acceptEncoding = fc.array(
  fc.constantFrom(
    "gzip", "br", "zstd", "identity", "*", "gzip, br", "GZIP", "x-gzip", "br;q=0", "gzip;q=0.5, br;q=0.4",
    "*;q=0", "identity;q=0", "identity;q=0.5, gzip;q=0.5", "zstd;q=1.000", "br;q=2", "br ; q=0.1", "",
    ",,gzip,", "gzip;level=9", "deflate", "gzip;q=", "*;q=0.3, br;q=0.1",
  ),
  { maxLength: 2 },
); // prettier-ignore

const number = fc.constantFrom(0, 1, 5, 999, 1022, 1023, 2999, 3000, 100_000);
const range: fc.Arbitrary<Range> = fc.oneof(
  fc.tuple(number, number).map(([start, last]) => ({
    text: `bytes=${start}-${last}`,
    part: (size: number) =>
      last < start ? null : start >= size ? "none" : ([start, Math.min(last + 1, size)] as const),
  })),
  number.map((start) => ({
    text: `bytes=${start}-`,
    part: (size: number) => (start >= size ? "none" : ([start, size] as const)),
  })),
  number.map((count) => ({
    text: `Bytes=-${count}`,
    part: (size: number) =>
      count === 0 || size === 0 ? "none" : ([Math.max(0, size - count), size] as const),
  })),
  fc
    .constantFrom("bytes=0-1,3-4", "lines=0-1", "bytes", "bytes=", "bytes=-", "bytes=a-b", "0-1")
    .map((text) => ({
      text,
      part: () => null,
    })),
);

const tags = fc
  .tuple(
    fc.subarray(["own", "weak", "other", "odd"] as const),
    fc.boolean(),
    fc.constantFrom(",", " , ", ",,"),
  )
  .filter(([kinds]) => kinds.length > 0)
  .map(([kinds, apart, comma]) => ({
    lines: (etag: string) => {
      const all = kinds.map((kind) => TAGS[kind](etag));
      return apart ? all : [all.join(comma)];
    },
    names: { strong: kinds.includes("own"), weak: kinds.includes("own") || kinds.includes("weak") },
    distanceMs: null,
  }));
const TAGS = {
  own: (etag: string) => etag,
  weak: (etag: string) => `W/${etag}`,
  other: () => '"other"',
  odd: () => '"W/, "',
};
const any = fc.constant({ lines: () => ["*"], names: { strong: true, weak: true }, distanceMs: null });

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const date = fc
  .tuple(
    fc.constantFrom(-86_400_000, -1000, 0, 1000, 86_400_000),
    fc.constantFrom("fixdate", "850", "asctime"),
  )
  .map(([distanceMs, form]) => ({
    lines: (_etag: string, modifiedMs: number) => [dateIn(form, modifiedMs + distanceMs)],
    names: null,
    distanceMs,
  }));
const noDate = fc
  .constantFrom(
    "",
    "yesterday",
    "2026-01-01T00:00:00Z",
    "0",
    "Thu, 01 Jan 2015",
    "Thu, 99 Jan 2015 00:00:00 GMT",
  )
  .map((text) => ({ lines: () => [text], names: null, distanceMs: null }));

function dateIn(form: string, ms: number): string {
  const fixdate = new Date(ms).toUTCString();
  const [, day = "", month = "", year = "", time = ""] = fixdate.split(" ");
  if (form === "850")
    return `${DAYS[new Date(ms).getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
  if (form === "asctime") return `${fixdate.slice(0, 3)} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
  return fixdate;
}

const named = (name: Condition["name"], what: fc.Arbitrary<Omit<Condition, "name">>) =>
  what.map((condition): Condition => ({ name, ...condition }));
const conditions = fc
  .tuple(
    named("if-match", fc.oneof(tags, any)),
    named("if-none-match", fc.oneof(tags, any)),
    named("if-modified-since", fc.oneof(date, noDate)),
    named("if-unmodified-since", fc.oneof(date, noDate)),
    named("if-range", date),
  )
  .chain((all) => fc.subarray<Condition>(all));

/** A request to the site, for a file of it as a rule. */
export function randomRequest({ files }: Site): fc.Arbitrary<SiteRequest> {
  const path = fc
    .constantFrom(...Object.keys(files))
    .chain((known) =>
      fc.constantFrom(
        known,
        known,
        known,
        known.replace(/index\.html$/, ""),
        `${known}/`,
        known.toUpperCase(),
      ),
    );
  return fc.tuple(path, fc.boolean(), fc.infiniteStream(fc.nat(9))).chain(([meant, isDecomposed, dice]) =>
    fc.record({
      path: fc.constant(meant),
      target: fc.constant(spelled(isDecomposed ? meant.normalize("NFD") : meant.normalize("NFC"), dice)),
      method: fc.constantFrom("GET", "GET", "HEAD"),
      acceptEncoding,
      range: fc.option(range, { freq: 2 }),
      conditions,
    }),
  );
}

/** The path with what has to be escaped escaped, and some of the rest as well. */
function spelled(path: string, dice: Stream): string {
  const escaped = [...Buffer.from(path)].map((byte) => {
    const character = String.fromCharCode(byte);
    const roll = dice.next().value;
    if (character === "/" || (/[A-Za-z0-9\-._~!$&'()*+,;=:@]/.test(character) && roll < 7)) return character;
    const hex = byte.toString(16).padStart(2, "0");
    return `%${roll % 2 === 0 ? hex : hex.toUpperCase()}`;
  });
  return `${escaped.join("")}${dice.next().value === 0 ? "?q=%41" : ""}`;
}
type Stream = Iterator<number, number>;
