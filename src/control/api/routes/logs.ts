// A deployment's log: past events, and new ones as they arrive. Offsets let a reader continue where it
// stopped and notice dropped events.
import { setTimeout as sleep } from "node:timers/promises";
import { type LogEventView, type LogStreamEvent, READ_LOGS } from "../../../api/index.ts";
import { parseDuration } from "../../../config/duration.ts";
import { TerrariumError } from "../../../errors/index.ts";
import type { DeploymentId, StoredLogEvent } from "../../../store/types.ts";
import { inOrderOfTime, LogOrder } from "../log-order.ts";
import { type StreamEvent, streamFormat, streamResponse } from "../event-stream.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { existingDeployment } from "./deployment-params.ts";

/** Past events that a following reader gets at once. */
const STEP_EVENTS = 1000;
/** Edges write to the store in batches of about this age; a reader polls just as often. */
const FOLLOW_EVERY_MS = 200;

/** The operation that reads logs. */
export function logOperations(platform: Platform): Operation[] {
  const read = implement(READ_LOGS, async ({ context, params, query, answer }) => {
    const { id } = await existingDeployment(platform, params.id);
    const after = query.after ?? lastEventId(context.req.header("last-event-id"));
    const sinceMs = sinceOf(query.since, platform.now());
    const format = streamFormat(context.req.header("accept"));
    if (query.follow === "1" || query.follow === "true" || format === "sse") {
      return streamResponse(format ?? "ndjson", (signal) => follow(platform, id, { after, sinceMs, signal }));
    }
    const events = await platform.store.logs.read(id, bounds(after, sinceMs, query.limit));
    return answer(200, {
      events: inOrderOfTime(events).map((event) => view(platform, event)),
      next: events.at(-1)?.offset ?? after ?? 0,
      dropped: droppedBefore(events, after),
    });
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
  const order = new LogOrder(after ?? 0);
  while (!signal.aborted) {
    const events = await platform.store.logs.read(id, bounds(last, sinceMs, STEP_EVENTS));
    const dropped = droppedBefore(events, last);
    if (dropped > 0) yield streamed("dropped", { dropped });
    order.add(events);
    for (const { event, resumeAfter } of order.take(platform.now()))
      yield { ...streamed("log", view(platform, event)), id: String(resumeAfter) };
    last = events.at(-1)?.offset ?? last;
    if (events.length === 0) {
      if (order.isEmpty && (await platform.store.deployments.get(id)) === undefined)
        return yield streamed("gone", { gone: id });
      await sleep(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }
}

function streamed(event: string, data: LogStreamEvent): StreamEvent {
  return { event, data };
}

function bounds(after: number | undefined, sinceMs: number | undefined, limit: number) {
  return { limit, ...(after === undefined ? {} : { after }), ...(sinceMs === undefined ? {} : { sinceMs }) };
}

function droppedBefore(events: readonly StoredLogEvent[], after: number | undefined): number {
  const first = events[0];
  return first === undefined || after === undefined ? 0 : Math.max(0, first.offset - after - 1);
}

function view({ isoOf }: Platform, event: StoredLogEvent): LogEventView {
  return {
    offset: event.offset,
    at: isoOf(event.atMs),
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
