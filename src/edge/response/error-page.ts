// The response to an error: plain text, or a small page for a browser. The code is in a header.
import type { TerrariumError } from "../../errors/index.ts";
import type { Exchange } from "../request/exchange.ts";

/** Seconds after which a refused client may try again. */
const RETRY_AFTER_SECONDS = "1";

/**
 * Responds with an error. `location`: where in the program it happened, if known; `more`: additional headers,
 * names and values alternating. Returns the size of the body.
 */
export function sendError(
  exchange: Exchange,
  error: TerrariumError,
  location: string | null = null,
  more: readonly string[] = [],
): number {
  const html = error.kind !== "guest" && (exchange.header("accept")?.includes("text/html") ?? false);
  const text = location === null ? error.text : `${error.text}\n  at ${location}`;
  const headers = [
    "content-type",
    html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8",
    "x-content-type-options",
    "nosniff",
    "cache-control",
    "no-store",
    "x-terrarium-error",
    error.code,
    ...more,
  ];
  if (html) headers.push("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
  if (error.status === 503 || error.status === 429) headers.push("retry-after", RETRY_AFTER_SECONDS);
  const body = html ? page(error) : `${text}\n`;
  exchange.send(error.status, headers, body);
  return exchange.method === "HEAD" ? 0 : Buffer.byteLength(body);
}

function page(error: TerrariumError): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${error.status} · Terrarium</title>
<style>:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;padding:0 1rem}
code{opacity:.7}</style>
<h1>${error.status}</h1>
<p>${escapeHtml(error.text)}.</p>
<p><code>${error.code}</code></p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
