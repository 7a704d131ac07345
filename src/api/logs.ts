// A deployment's log: past events, and new ones as they arrive.
import { z } from "zod";
import { deploymentParams, moment } from "./deployments.ts";
import { endpoint, events, json, type View } from "./endpoint.ts";

const DEFAULT_EVENTS = 1000;
const MAX_EVENTS = 10_000;
/** The largest integer that is exact in JSON. */
const MAX_OFFSET = Number.MAX_SAFE_INTEGER;

/** One event of a deployment's log. */
const logEvent = z
  .object({
    offset: z.int().describe("Grows by one with each event; a gap means that events were dropped"),
    at: moment,
    source: z.enum(["build", "debug", "stdout", "stderr", "fault", "platform"]),
    request: z.string().nullable().describe("Request that the event belongs to"),
    text: z.string(),
  })
  .meta({ id: "LogEvent" });
export type LogEventView = View<typeof logEvent>;

/** What following a log sends. */
const logStreamEvent = z
  .union([
    logEvent,
    z.object({ dropped: z.int().describe("Events that are no longer kept") }),
    z.object({ gone: z.string().describe("The deployment that has ended") }),
  ])
  .meta({ id: "LogStreamEvent" });
export type LogStreamEvent = View<typeof logStreamEvent>;

const logPage = z.object({
  events: z.array(logEvent),
  next: z.int().describe("To be sent as `after` for what comes next"),
  dropped: z.int().describe("Events between `after` and the first one that are no longer kept"),
});
export type LogPage = View<typeof logPage>;

export const READ_LOGS = endpoint({
  method: "get",
  path: "/api/v1/deployments/{id}/logs",
  id: "readLogs",
  tag: "logs",
  summary: "A deployment's log",
  description: "JSON, or with `follow` a stream of events whose ids are offsets.",
  access: "deployment",
  params: deploymentParams,
  query: z.strictObject({
    after: z.coerce
      .number()
      .int()
      .min(0)
      .max(MAX_OFFSET)
      .optional()
      .describe("Only events after this offset; also taken from Last-Event-ID"),
    since: z.string().max(40).optional().describe("Only events of the last 10m, 2h"),
    limit: z.coerce.number().int().min(1).max(MAX_EVENTS).default(DEFAULT_EVENTS),
    follow: z.enum(["0", "1", "true", "false"]).optional().describe("Stay, and stream what comes"),
  }),
  answers: {
    200: { description: "The events", content: { ...json(logPage), ...events(logStreamEvent) } },
  },
});
