// Sending the saved request to the deployment. The server sends it: a page may read other origins only where
// those allow it.
import { signal } from "@preact/signals";
import { sendJson } from "../api/client.ts";
import type { HeaderFields, SentAnswer } from "../../../src/api/index.ts";
import { live } from "../deploy/lifetime.ts";
import { loadRecords } from "../inspector/records.ts";
import { bytesOf, contentOf, fromBase64 } from "../project/content.ts";
import type { Content, SavedRequest } from "../project/types.ts";
import { project } from "../project/workspace.ts";

/** What came back, and of which deployment. */
export interface ReceivedResponse {
  readonly deployment: string;
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: Content;
  readonly truncated: boolean;
  readonly ms: number;
}

export const exchange = signal<ReceivedResponse | null>(null);
export const exchangeProblem = signal<string | null>(null);
export const sending = signal(false);

/** Sends the project's request. */
export async function sendRequest(): Promise<void> {
  const [current, request] = [live.peek(), project.peek()?.request];
  if (current === null || request === undefined || sending.peek()) return;
  sending.value = true;
  try {
    const { method, path, body } = request;
    const message = {
      method,
      path: encodedPath(path),
      headers: headerFields(request),
      body: base64(bytesOf(body)),
    };
    const answer = await sendJson<SentAnswer>(
      `/deployments/${current.id}/requests`,
      "POST",
      message,
      current.token,
    );
    exchange.value = { ...answer, deployment: current.id, body: contentOf(fromBase64(answer.body)) };
    exchangeProblem.value = null;
  } catch (error) {
    exchangeProblem.value = error instanceof Error ? error.message : String(error);
  } finally {
    sending.value = false;
  }
  void loadRecords();
}

/** Headers as they were written: one a line, `name: value`. */
function headerFields({ headers }: SavedRequest): [string, string][] {
  return headers.split("\n").flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
}

/** The request as a command line. */
export function curlOf(request: SavedRequest, url: string): string {
  const parts = ["curl", "-i"];
  if (request.method !== "GET") parts.push("-X", request.method);
  for (const [name, value] of headerFields(request)) parts.push("-H", quoted(`${name}: ${value}`));
  if (request.body !== "") parts.push("--data-binary", quoted(request.body));
  return [...parts, quoted(new URL(encodedPath(request.path), url).href)].join(" ");
}

function encodedPath(path: string): string {
  const clean = path.trim().replace(/^[\\/]*/, "/");
  return clean.replace(/[^\x21-\x7e]/g, encodeURIComponent);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
