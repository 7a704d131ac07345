// Findings in the text of compilers, and the source locations in it. The server sends the compilers' own
// words.

/** A location in a file; lines and columns count from 1. */
export interface SourceLocation {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** One finding. */
export interface Finding {
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly location: SourceLocation | null;
}

/** clang, the assembler: `src/main.c:3:5: error: text`. */
const PLACE_FIRST =
  /^(?<path>[^\s:][^:\n]*):(?<line>\d+):(?<column>\d+)(?:[-–]\d+)?: (?:fatal )?(?<severity>error|warning|note): (?<message>.*)$/;
/**
 * rustc, asc, linkers: `error[E0308]: text`, `ERROR TS2322: text`; the location follows on a line of its own.
 */
const PLACE_LATER =
  /^(?:[\w-]+: )?(?<severity>error|warning|ERROR|WARNING)(?:\[\w+\])?(?: [A-Z]+\d+)?: (?<message>.*)$/;
/** rustc: `  --> src/lib.rs:3:5`; asc: ` └─ in assembly/index.ts(3,5)`. */
const LOCATION_LINE =
  /(?:-->\s*(?<path>[^\s:]+):(?<line>\d+):(?<column>\d+))|(?:\bin (?<path2>[^\s(]+)\((?<line2>\d+),(?<column2>\d+)\))/;
/** How far below a finding its location may stand. */
const PLACE_WITHIN_LINES = 14;

/** All findings, in order. */
export function findingsIn(text: string): Finding[] {
  const found: { severity: Finding["severity"]; message: string; location: SourceLocation | null }[] = [];
  let waitingSince = -1;
  for (const [index, line] of text.split("\n").entries()) {
    const first = PLACE_FIRST.exec(line)?.groups;
    const later = first === undefined ? PLACE_LATER.exec(line)?.groups : undefined;
    if (first !== undefined)
      found.push({
        severity: severityOf(first["severity"]),
        message: first["message"] ?? "",
        location: locationOf(first["path"], first["line"], first["column"]),
      });
    else if (later !== undefined && !isSummary(later["message"] ?? "")) {
      found.push({
        severity: severityOf(later["severity"]),
        message: later["message"] ?? "",
        location: null,
      });
      waitingSince = index;
    } else {
      const last = found.at(-1);
      const location = LOCATION_LINE.exec(line)?.groups;
      if (
        location === undefined ||
        last === undefined ||
        last.location !== null ||
        index - waitingSince > PLACE_WITHIN_LINES
      )
        continue;
      last.location = locationOf(
        location["path"] ?? location["path2"],
        location["line"] ?? location["line2"],
        location["column"] ?? location["column2"],
      );
    }
  }
  return found;
}

/** `error: could not compile …`, `2 errors generated.`: say nothing that is not said above. */
function isSummary(message: string): boolean {
  return (
    /^(aborting due to|could not compile|\d+ (errors?|warnings?) )/.test(message) ||
    /generated \d+ warning/.test(message)
  );
}

function severityOf(word: string | undefined): Finding["severity"] {
  const lower = word?.toLowerCase();
  return lower === "warning" || lower === "note" ? lower : "error";
}

function locationOf(path = "", line = "1", column = "1"): SourceLocation {
  return { path: path.replace(/^\.?\//, ""), line: Number(line), column: Number(column) };
}

/** A line of text, cut where it names locations in files of the project. */
export type Piece = { readonly text: string; readonly location: SourceLocation | null };

const ANY_PLACE = /([\w./-]+\.\w+)(?::(\d+)(?::(\d+))?|\((\d+),(\d+)\))/g;

/** Cuts a line into pieces; `has` tells which paths can be opened. */
export function piecesOf(line: string, has: (path: string) => boolean): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of line.matchAll(ANY_PLACE)) {
    const [text, path = "", lineA, columnA, lineB, columnB] = match;
    const location = locationOf(path, lineA ?? lineB, columnA ?? columnB ?? "1");
    if (!has(location.path)) continue;
    if (match.index > end) pieces.push({ text: line.slice(end, match.index), location: null });
    pieces.push({ text, location });
    end = match.index + text.length;
  }
  if (end < line.length || pieces.length === 0) pieces.push({ text: line.slice(end), location: null });
  return pieces;
}
