// Finds lines over 110 columns in everything that people write and read: a formatter breaks code but neither
// comments nor strings. Run by `npm run check:repo`.
import { textFiles, textOf } from "./text/tracked.ts";

export const COLUMNS = 110;

/**
 * Generated, or kept byte by byte: what others wrote, and the lines of a format that knows no line breaks.
 */
const EXCEPTIONS: readonly RegExp[] = [
  /^package-lock\.json$/,
  /^docs\/figures\//,
  /^docs\/reference\/(hostcalls|hostcall-coverage|refusals|errors)\.md$/,
  /^docs\/reference\/.*\.json$/,
  // npm has no other place for a command.
  /^package\.json$/,
  // The summary of a project is one string.
  /^templates\/[\w-]+\/template\.json$/,
  // As their authors wrote them in 2019.
  /^tests\/guests\/(rust|c)-(of-)?2019\//,
  /^src\/abi\/abi\.lock\.json$/,
  /^sdk\/assemblyscript\/lib\/bindings\//,
  // Quotes the source.
  /^scripts\/defences\//,
];

export interface LongLine {
  readonly line: number;
  readonly columns: number;
}

export function isException(path: string): boolean {
  return EXCEPTIONS.some((pattern) => pattern.test(path));
}

/**
 * Lines of a text over this many columns, except table rows, and lines that a URL or one long word makes
 * long.
 */
export function longLines(text: string, columns: number = COLUMNS): LongLine[] {
  return text
    .split("\n")
    .map((line, index) => ({ text: line, line: index + 1, columns: [...line].length }))
    .filter((line) => line.columns > columns && !isUnbreakable(line.text, columns))
    .map((line) => ({ line: line.line, columns: line.columns }));
}

function isUnbreakable(line: string, columns: number): boolean {
  if (/^\s*\|.*\|$/.test(line) || /^\s*\/.*\/[a-z]*[;,]?$/.test(line)) return true;
  const words = line.trim().split(/\s+/);
  return words.some((word) => word.length > columns - 30 || /https?:\/\//.test(word));
}

if (import.meta.main) {
  const found = textFiles()
    .filter((path) => !isException(path))
    .flatMap((path) =>
      longLines(textOf(path)).map(
        ({ line, columns }) => `${path}:${line}: ${columns} columns; the limit is ${COLUMNS}`,
      ),
    );
  for (const line of found) process.stderr.write(`${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
