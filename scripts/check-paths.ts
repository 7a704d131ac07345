// Finds paths and links that lead nowhere, in pages and in comments; and links in shipped pages to what the
// package does not ship. Run by `npm run check:repo`.
import { dirname, join, normalize } from "node:path";
import { commentsOf } from "./text/comments.ts";
import { anchorsOf, linksOf } from "./text/prose.ts";
import { textFiles, textOf, trackedFiles } from "./text/tracked.ts";

/** What this check knows of a repository. */
export interface Repository {
  readonly files: readonly string[];
  /** The `files` of package.json. */
  readonly shipped: readonly string[];
  readonly read: (path: string) => string;
}

const TOP = "src|tests|bench|scripts|docs|sdk|templates|studio|bin|\\.ci";
const PATH = new RegExp(`(?<![\\w/.@-])(?:${TOP})/[\\w./-]*\\w(?![\\w]*[<*…{$])`, "g");
const NAME = /`([\w.-]+\.(?:ts|tsx|mjs))`/g;
/** Names of files in the projects of users, and of what a build makes. */
const ELSEWHERE = /(^|\/)(dist|target|node_modules)(\/|$)|^build\.ts$|^(src|tests)\/\w+(\.\w+)*$|^bin\/sh$/;

/** One line for each path or link that does not exist. */
export function deadPaths(repository: Repository): string[] {
  const known = knownPaths(repository.files);
  return repository.files.flatMap((file) => {
    const source = repository.read(file);
    const isPage = file.endsWith(".md");
    const texts = isPage ? [{ line: 1, text: source }] : commentsOf(file, source);
    const dead = texts.flatMap(({ line, text }) => deadIn(text, line, known));
    return [...dead, ...(isPage ? deadLinks(file, source, repository) : [])].map((text) => `${file}:${text}`);
  });
}

function deadIn(text: string, firstLine: number, known: ReadonlySet<string>): string[] {
  return text.split("\n").flatMap((line, index) => {
    const found = [...line.matchAll(PATH), ...line.matchAll(NAME)].map(([whole, name]) => name ?? whole);
    return found
      .filter((path) => !known.has(path) && !ELSEWHERE.test(path))
      .map((path) => `${firstLine + index}: "${path}" does not exist`);
  });
}

/** Every file and folder, and every tail of a path: a text may name a file from its room on. */
function knownPaths(files: readonly string[]): ReadonlySet<string> {
  const known = new Set<string>();
  for (const file of files) {
    const parts = file.split("/");
    for (let end = 1; end <= parts.length; end += 1)
      for (let start = 0; start < end; start += 1) known.add(parts.slice(start, end).join("/"));
  }
  return known;
}

function deadLinks(page: string, source: string, { files, shipped, read }: Repository): string[] {
  const isShipped = (path: string): boolean =>
    shipped.some((entry) => path === entry || path.startsWith(`${entry}/`));
  return linksOf(source).flatMap(({ line, target }) => {
    const [path = "", anchor] = target.split("#");
    if (/^\w+:/.test(target)) return [];
    const file = path === "" ? page : normalize(join(dirname(page), path)).replace(/\/$/, "");
    if (!files.some((known) => known === file || known.startsWith(`${file}/`)))
      return [`${line}: the link to "${target}" leads nowhere`];
    if (isShipped(page) && !isShipped(file)) return [`${line}: the package does not ship "${file}"`];
    if (anchor !== undefined && !anchorsOf(read(file)).has(anchor))
      return [`${line}: "${file}" has no heading "#${anchor}"`];
    return [];
  });
}

/** This repository. */
export function thisRepository(): Repository {
  const { files } = JSON.parse(textOf("package.json")) as { files: string[] };
  const text = new Set(textFiles());
  return {
    files: trackedFiles(),
    shipped: files,
    read: (path) => (text.has(path) ? textOf(path) : ""),
  };
}

if (import.meta.main) {
  const dead = deadPaths(thisRepository());
  for (const line of dead) process.stderr.write(`${line}\n`);
  process.exitCode = dead.length === 0 ? 0 : 1;
}
