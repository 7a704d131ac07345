// Paths of a project's files: what is allowed, what they are, how they sort.
import { LANGUAGES } from "../../../src/languages/list.ts";

/** Where a file's text is shown in which language. */
export type SyntaxName =
  | "rust"
  | "c"
  | "typescript"
  | "javascript"
  | "wat"
  | "markdown"
  | "html"
  | "css"
  | "json"
  | "toml"
  | "plain";

const SYNTAX_BY_EXTENSION: Readonly<Record<string, SyntaxName>> = {
  rs: "rust",
  c: "c",
  h: "c",
  ts: "typescript",
  mts: "typescript",
  js: "javascript",
  mjs: "javascript",
  wat: "wat",
  wast: "wat",
  md: "markdown",
  html: "html",
  htm: "html",
  svg: "html",
  css: "css",
  json: "json",
  toml: "toml",
  graphql: "plain",
  txt: "plain",
};
const IMAGE_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  svg: "image/svg+xml",
  ico: "image/x-icon",
};
const MAX_PATH_LENGTH = 200;

/** The path cleaned (`./`, doubled slashes), or what is wrong with it. */
export function cleanPath(text: string): { readonly path: string } | { readonly problem: string } {
  const path = text
    .trim()
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  if (path === "") return { problem: "A file needs a name" };
  if (path.length > MAX_PATH_LENGTH) return { problem: "The name is too long" };
  if (path.split("/").includes("..")) return { problem: "The path must stay inside the project" };
  if (path.split("/").some((part) => part.startsWith(".")))
    return { problem: "Names that start with a dot are not deployed" };
  if (path.includes(":") || [...path].some((character) => character < " " || character === "\u007f"))
    return { problem: "The name contains a character that is not allowed" };
  return { path };
}

/** The last part. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder, empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The syntax that a file is shown in. */
export function syntaxOf(path: string): SyntaxName {
  return SYNTAX_BY_EXTENSION[extensionOf(path)] ?? "plain";
}

/** Media type if browsers can show the file as an image. */
export function imageTypeOf(path: string): string | undefined {
  return IMAGE_TYPES[extensionOf(path)];
}

function extensionOf(path: string): string {
  const name = baseName(path);
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "";
}

/** The language that the files seem to be written in; null if no entry file is there. */
export function languageOf(paths: Iterable<string>): string | null {
  const all = [...paths];
  return LANGUAGES.find(({ isEntry }) => all.some(isEntry))?.name ?? null;
}

/** The file to show first: the entry file, else the first by name. */
export function firstPath(paths: readonly string[]): string | null {
  const preferred = [...LANGUAGES.flatMap(({ openFirst }) => openFirst), "README.md"];
  return preferred.find((path) => paths.includes(path)) ?? paths[0] ?? null;
}
