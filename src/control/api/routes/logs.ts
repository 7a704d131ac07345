// A deployment's log: what is kept, and what comes. Offsets let a reader go on where it stopped and see what
// was dropped.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { parseDuration } from "../../../config/duration.ts";
import { TerrariumError } from "../../../errors/index.ts";
import type { DeploymentId, StoredLogEvent } from "../../../store/types.ts";
import { type StreamEvent, streamFormat, streamResponse } from "../event-stream.ts";
import { defineOperation, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { logEventSchema } from "../views.ts";
import { existingDeployment, idParams } from "./deployment-params.ts";

const DEFAULT_EVENTS = 1000;
const MAX_EVENTS = 10_000;
/** Edges write to the store in batches of about this age; a reader looks as often. */
const FOLLOW_EVERY_MS = 200;

const offset = z.coerce.number().int().min(0);
const logsQuery = z.strictObject({
  after: offset.optional().describe("Only events after this offset; also taken from Last-Event-ID"),
  since: z.string().max(40).optional().describe("Only events of the last 10m, 2h"),
  limit: z.coerce.number().int().min(1).max(MAX_EVENTS).default(DEFAULT_EVENTS),
  follow: z.enum(["0", "1", "true", "false"]).optional().describe("Stay, and stream what comes"),
});
const logsAnswer = z.object({
  events: z.array(logEventSchema),
  next: z.number().describe("To be sent as `after` for what comes next"),
  dropped: z.number().describe("Events between `after` and the first one that are no longer kept"),
});

/** The operation that reads logs. */
export function logOperations(platform: Platform): Operation[] {
  const read = defineOperation({
    method: "get",
    path: "/api/v1/deployments/{id}/logs",
    id: "readLogs",
    summary: "A deployment's log: JSON, or with `follow` a stream of events whose ids are offsets",
    access: "deployment",
    params: idParams,
    query: logsQuery,
    answers: { 200: { description: "The events", schema: logsAnswer } },
    handle: async ({ context, params, query }) => {
      const { id } = await existingDeployment(platform, params.id);
      const after = query.after ?? lastEventId(context.req.header("last-event-id"));
      const sinceMs = sinceOf(query.since, platform.now());
      const format = streamFormat(context.req.header("accept"));
      if (query.follow === "1" || query.follow === "true" || format === "sse") {
        return streamResponse(format ?? "ndjson", (signal) =>
          follow(platform, id, { after, sinceMs, signal }),
        );
      }
      const events = await platform.store.logs.read(id, bounds(after, sinceMs, query.limit));
      const answer = {
        events: events.map(view),
        next: events.at(-1)?.offset ?? after ?? 0,
        dropped: droppedBefore(events, after),
      };
      return Response.json(answer);
    },
  });
  return [read];
}

interface FollowOptions {
  readonly after: number | undefined;
  readonly sinceMs: number | undefined;
  readonly signal: AbortSignal;
}

async function* follow(
  platform: Platform,
  id: DeploymentId,
  { after, sinceMs, signal }: FollowOptions,
): AsyncGenerator<StreamEvent> {
  let last = after;
  while (!signal.aborted) {
    const events = await platform.store.logs.read(id, bounds(last, sinceMs, DEFAULT_EVENTS));
    const dropped = droppedBefore(events, last);
    if (dropped > 0) yield { event: "dropped", data: { dropped } };
    for (const event of events) yield { event: "log", id: String(event.offset), data: view(event) };
    last = events.at(-1)?.offset ?? last;
    if (events.length === 0) {
      if ((await platform.store.deployments.get(id)) === undefined)
        return yield { event: "gone", data: { gone: id } };
      await sleep(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }
}

function bounds(after: number | undefined, sinceMs: number | undefined, limit: number) {
  return { limit, ...(after === undefined ? {} : { after }), ...(sinceMs === undefined ? {} : { sinceMs }) };
}

function droppedBefore(events: readonly StoredLogEvent[], after: number | undefined): number {
  const first = events[0];
  return first === undefined || after === undefined ? 0 : Math.max(0, first.offset - after - 1);
}

function view(event: StoredLogEvent): z.infer<typeof logEventSchema> {
  return {
    offset: event.offset,
    at: new Date(event.atMs).toISOString(),
    source: event.source,
    request: event.request,
    text: event.text,
  };
}

function lastEventId(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

function sinceOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined || ms === null)
    throw new TerrariumError("TER_BAD_REQUEST", {
      reason: `"${text}" is not a duration (since) such as 30s, 10m or 2h`,
    });
  return nowMs - ms;
}
