// One request to the API as a test describes it, and its answer.
import { request } from "node:http";
import type { Platform } from "../e2e/platform.ts";

export interface Sent {
  readonly method: string;
  /** Encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly accept: string | undefined;
  readonly body: { readonly type: string; readonly bytes: Buffer } | null;
}

export interface Received {
  readonly status: number;
  /** Without parameters; empty if there is none. */
  readonly type: string;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

/** Streams that follow a log may have nothing to say for long. */
const FIRST_EVENT_MS = 200;

/** Sends it. Of a stream, what has come with the first event is the answer: some streams have no end. */
export function exchange(platform: Platform, { method, path, query, accept, body }: Sent): Promise<Received> {
  const { httpPort } = platform.ready;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: "127.0.0.1",
      port: httpPort,
      method,
      path: path + search(query),
      agent: false,
      headers: {
        host: `localhost:${httpPort}`,
        ...(accept === undefined ? {} : { accept }),
        ...(body === null ? {} : { "content-type": body.type, "content-length": body.bytes.length }),
      },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const type = (response.headers["content-type"] ?? "").split(";")[0] ?? "";
      const isStream = type === "text/event-stream" || type === "application/x-ndjson";
      let text = "";
      const done = () => {
        const whole = isStream ? text.slice(0, text.lastIndexOf("\n") + 1) : text;
        resolve({
          status: response.statusCode ?? 0,
          type,
          body: whole,
          retryAfter: response.headers["retry-after"],
        });
        outgoing.destroy();
      };
      if (isStream) setTimeout(done, FIRST_EVENT_MS);
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (isStream && text.includes("\n")) done();
      });
      response.on("end", done).on("error", () => {});
    });
    outgoing.end(body?.bytes);
  });
}

/** Lists repeat their name; other values are text. */
function search(query: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      parameters.append(name, typeof one === "string" ? one.toWellFormed() : JSON.stringify(one));
  return parameters.size === 0 ? "" : `?${parameters}`;
}
