// What the bare domain shows to a browser: the studio if it is built, otherwise a plain page about the
// server.
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { extname, join, normalize, sep } from "node:path";
import type { Context, Hono } from "hono";
import { TerrariumError } from "../../errors/index.ts";
import { urlsOf } from "../deployments/urls.ts";
import { type Env, methodNotAllowed } from "./operation.ts";
import type { Platform } from "./platform.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};
const READING: readonly string[] = ["GET", "HEAD"];
const COMPRESSED: ReadonlySet<string> = new Set([".js", ".css", ".svg"]);
/** Within 5 % of the best level, in a tenth of its time. */
const BROTLI_QUALITY = 7;
const brotli = promisify(brotliCompress);
const compressedFiles = new Map<string, Promise<Buffer<ArrayBuffer>>>();
/** Files that the studio's build names by a hash of their content. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.\w+$/;

/** Adds `/` and the studio's files. Mount it last: it takes every remaining path. */
export function mountPages(app: Hono<Env>, platform: Platform): void {
  app.all("*", async (context) => {
    const page = await pageAt(platform, context);
    if (page === undefined) throw new TerrariumError("TER_NO_SUCH_PAGE", { path: context.req.path });
    if (!READING.includes(context.req.method)) throw methodNotAllowed(context, READING);
    return page;
  });
}

async function pageAt(platform: Platform, context: Context<Env>): Promise<Response | undefined> {
  const { path } = context.req;
  const takesBrotli = /\bbr\b/.test(context.req.header("accept-encoding") ?? "");
  const file = await studioFile(platform.studioDir, path, takesBrotli);
  if (file !== undefined || path !== "/") return file;
  return new Response(plainPage(platform), {
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  });
}

async function studioFile(
  folder: string | null,
  path: string,
  takesBrotli: boolean,
): Promise<Response | undefined> {
  if (folder === null) return undefined;
  const file = normalize(join(folder, path === "/" ? "index.html" : path));
  if (!file.startsWith(folder + sep)) return undefined;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const contentType = CONTENT_TYPES[extname(file)] ?? "application/octet-stream";
  if (!HASHED.test(file))
    return new Response(bytes, { headers: { "content-type": contentType, "cache-control": "no-cache" } });
  const headers = {
    "content-type": contentType,
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  };
  if (!takesBrotli || !COMPRESSED.has(extname(file))) return new Response(bytes, { headers });
  return new Response(await compressed(file, bytes), { headers: { ...headers, "content-encoding": "br" } });
}

/** Compressed once: a file whose name contains its hash never changes, and the studio has few files. */
function compressed(file: string, bytes: Buffer): Promise<Buffer<ArrayBuffer>> {
  const known = compressedFiles.get(file);
  if (known !== undefined) return known;
  const made = brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }) as Promise<
    Buffer<ArrayBuffer>
  >;
  compressedFiles.set(file, made);
  return made;
}

function plainPage(platform: Platform): string {
  const { config, ports, version } = platform;
  const server = escapeHtml(urlsOf(config, ports, "").url);
  const example = urlsOf(config, ports, "four-words-of-yours").url;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Terrarium</title>
<h1>Terrarium ${escapeHtml(version)}</h1>
<p>This server runs small WebAssembly programs, each at an address such as
<code>${escapeHtml(example)}</code>.</p>
<p>Deploy one: <code>terrarium new hello &amp;&amp; terrarium deploy hello --server ${server}</code></p>
<p><a href="/api/v1/openapi.json">API</a> ·
<a href="/api/v1/limits">limits</a> ·
<a href="/api/v1/templates">templates</a> ·
<a href="/ca.pem">certificate authority</a></p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
