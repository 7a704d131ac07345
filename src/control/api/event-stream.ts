// Streams of events: server-sent events or one JSON object per line, whichever the client accepts.

/** One event: `id` is what a client sends back as Last-Event-ID. */
export interface StreamEvent {
  readonly event: string;
  readonly id?: string;
  readonly data: unknown;
}

/** How a client wants events. */
export type StreamFormat = "sse" | "ndjson";

/** An empty message is sent this often, so that proxies keep an idle stream open. */
const KEEP_ALIVE_MS = 15_000;
const KEEP_ALIVE: Readonly<Record<StreamFormat, string>> = { sse: ":\n\n", ndjson: "\n" };

/** The format that an Accept header requests; undefined if it requests neither. */
export function streamFormat(accept: string | undefined): StreamFormat | undefined {
  if (accept?.includes("text/event-stream") === true) return "sse";
  return accept?.includes("ndjson") === true ? "ndjson" : undefined;
}

/**
 * A response that ends when the events do. If the client disconnects, the signal given to `produce` aborts.
 */
export function streamResponse(
  format: StreamFormat,
  produce: (signal: AbortSignal) => AsyncIterable<StreamEvent>,
): Response {
  const abort = new AbortController();
  const encoder = new TextEncoder();
  let keepAlive: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      keepAlive = setInterval(() => controller.enqueue(encoder.encode(KEEP_ALIVE[format])), KEEP_ALIVE_MS);
      try {
        for await (const event of produce(abort.signal))
          controller.enqueue(encoder.encode(write(format, event)));
        if (!abort.signal.aborted) controller.close();
      } catch (error) {
        if (!abort.signal.aborted) controller.error(error);
      } finally {
        clearInterval(keepAlive);
      }
    },
    cancel() {
      clearInterval(keepAlive);
      abort.abort();
    },
  });
  const contentType = format === "sse" ? "text/event-stream" : "application/x-ndjson";
  return new Response(body, {
    headers: { "content-type": contentType, "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

function write(format: StreamFormat, { event, id, data }: StreamEvent): string {
  // JSON holds no line break, so an event's text cannot end the event or begin another.
  const json = JSON.stringify(data);
  if (format === "ndjson") return `${json}\n`;
  return `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${json}\n\n`;
}
