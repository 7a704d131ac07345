// Comments of a source file, found by its lexical rules: strings are skipped, so that "//" in a URL is no
// comment.

export interface Comment {
  /** Line of its first character, from 1. */
  readonly line: number;
  /** Without comment markers; lines of one paragraph are kept apart by newlines. */
  readonly text: string;
}

interface Syntax {
  readonly line: string;
  readonly block?: readonly [string, string];
  readonly quotes: string;
}

const C_LIKE: Syntax = { line: "//", block: ["/*", "*/"], quotes: "\"'`" };
const SYNTAX: Readonly<Record<string, Syntax>> = {
  ts: C_LIKE,
  tsx: C_LIKE,
  mjs: C_LIKE,
  c: { ...C_LIKE, quotes: '"' },
  h: { ...C_LIKE, quotes: '"' },
  // A single quote may begin a lifetime.
  rs: { ...C_LIKE, quotes: '"' },
  css: { line: "\0", block: ["/*", "*/"], quotes: "\"'" },
  wat: { line: ";;", block: ["(;", ";)"], quotes: '"' },
  toml: { line: "#", quotes: '"' },
  sh: { line: "#", quotes: "\"'" },
  yml: { line: "#", quotes: "\"'" },
};

/** The comments of a source, adjacent line comments joined. Nothing for a language without comments. */
export function commentsOf(path: string, source: string): Comment[] {
  const syntax = SYNTAX[path.split(".").at(-1) ?? ""];
  return syntax === undefined ? [] : joinLines(scan(source, syntax));
}

interface Raw extends Comment {
  readonly alone: boolean;
}

function scan(source: string, { line, block, quotes }: Syntax): Raw[] {
  const found: Raw[] = [];
  for (let at = 0; at < source.length; at += 1) {
    const [open, close] = block ?? ["\0", "\0"];
    if (source.startsWith(line, at)) {
      const end = endOf(source, "\n", at);
      found.push(comment(source, at, source.slice(at, end).replace(/^\S+? ?(?=\s|\w|`|"|\(|$)/, "")));
      at = end - 1;
    } else if (source.startsWith(open, at)) {
      const end = endOf(source, close, at + open.length);
      found.push({ ...comment(source, at, stars(source.slice(at + open.length, end))), alone: false });
      at = end + close.length - 1;
    } else if (quotes.includes(source[at] ?? "")) at = endOfString(source, at);
  }
  return found;
}

function comment(source: string, at: number, text: string): Raw {
  const before = source.slice(0, at);
  const indent = before.slice(before.lastIndexOf("\n") + 1);
  return { line: before.split("\n").length, text: text.trim(), alone: indent.trim() === "" };
}

function stars(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/^\s*\*+ ?/, ""))
    .join("\n");
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found;
}

function endOfString(source: string, from: number): number {
  const quote = source[from];
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === quote) return at;
    else if (source[at] === "\n" && quote !== "`") return at;
  }
  return source.length;
}

function joinLines(raw: readonly Raw[]): Comment[] {
  const joined: (Raw & { lines: number })[] = [];
  for (const one of raw) {
    const last = joined.at(-1);
    if (last?.alone === true && one.alone && last.line + last.lines === one.line) {
      joined[joined.length - 1] = { ...last, text: `${last.text}\n${one.text}`, lines: last.lines + 1 };
    } else joined.push({ ...one, lines: 1 });
  }
  return joined.map(({ line, text }) => ({ line, text }));
}
