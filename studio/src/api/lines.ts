// Streams of JSON objects, one a line.
import { type Call, call, unreachable } from "./client.ts";
import { connection } from "./connection.ts";

/**
 * The objects as they come. Throws ApiError, also when the connection breaks before the server has ended the
 * stream.
 */
export async function* callLines<T>(path: string, options: Call = {}): AsyncGenerator<T> {
  const response = await call(path, { ...options, accept: "application/x-ndjson" });
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      if (options.signal?.aborted === true) throw error;
      connection.lost();
      throw unreachable();
    });
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line) as T;
    if (done) return;
  }
}
