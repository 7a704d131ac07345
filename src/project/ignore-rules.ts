// What `.gitignore` and `.terrariumignore` leave out of a project, by git's rules (gitignore(5)).

/** One line of such a file. */
export interface IgnoreRule {
  /** Matches names relative to the project's root. */
  readonly pattern: RegExp;
  /** `!`: takes back in what an earlier rule left out. */
  readonly isNegated: boolean;
  readonly foldersOnly: boolean;
}

/** The rules of one file. `base`: its folder, relative to the project's root; empty for the root itself. */
export function parseIgnoreFile(text: string, base: string): IgnoreRule[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?<!\\)\s+$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => parseRule(line, base));
}

/** True if the last rule that matches leaves the name out. */
export function isLeftOut(rules: readonly IgnoreRule[], name: string, isFolder: boolean): boolean {
  const last = rules.findLast(({ pattern, foldersOnly }) => (isFolder || !foldersOnly) && pattern.test(name));
  return last !== undefined && !last.isNegated;
}

function parseRule(line: string, base: string): IgnoreRule {
  const isNegated = line.startsWith("!");
  const text = line.slice(isNegated ? 1 : 0);
  const foldersOnly = text.endsWith("/");
  const glob = foldersOnly ? text.slice(0, -1) : text;
  // A slash other than the last ties the pattern to the file's own folder.
  const isAnchored = glob.includes("/");
  const prefix = base === "" ? "" : `${escape(base)}/`;
  const start = isAnchored ? prefix : `${prefix}(?:.*/)?`;
  return {
    pattern: new RegExp(`^${start}${globSource(glob.replace(/^\//, ""))}$`),
    isNegated,
    foldersOnly,
  };
}

/** `**` spans folders, `*` and `?` stay within one, `[a-z]` is a class, a backslash escapes. */
function globSource(glob: string): string {
  const tokens = glob.match(/\*\*\/|\/\*\*$|\*+|\?|\[!?\]?[^\]]*\]|\\.|./gs) ?? [];
  return tokens.map(tokenSource).join("");
}

function tokenSource(token: string): string {
  if (token === "**/") return "(?:.*/)?";
  if (token === "/**") return "/.*";
  if (token.startsWith("*")) return "[^/]*";
  if (token === "?") return "[^/]";
  if (token.startsWith("\\") && token.length === 2) return escape(token.slice(1));
  if (token.length > 2 && token.startsWith("[")) return classSource(token);
  return escape(token);
}

function classSource(token: string): string {
  const isNegated = token.startsWith("[!");
  const inside = token.slice(isNegated ? 2 : 1, -1).replaceAll(/[\\\]^]/g, "\\$&");
  return `(?!/)[${isNegated ? "^" : ""}${inside}]`;
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
