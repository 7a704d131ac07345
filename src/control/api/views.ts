// Deployments and their events as the API shows them.
import { z } from "zod";
import { BuildFailure } from "../../builder/build-failure.ts";
import { toProblem } from "../../errors/index.ts";
import { LANGUAGE_NAMES } from "../../languages/index.ts";
import type { DeploymentRecord } from "../../store/types.ts";
import type { DeployEvent } from "../deployments/progress.ts";
import type { DeploymentUrls } from "../deployments/urls.ts";

/** A deployment. */
export const deploymentSchema = z
  .object({
    id: z.string().describe("Four words joined by hyphens; never used again"),
    name: z.string().describe("Name of the project; may be empty"),
    language: z.enum(LANGUAGE_NAMES).nullable(),
    phase: z.enum(["queued", "building", "native", "deploying", "live", "failed"]),
    message: z.string().describe("A description of the phase, the URL, or the error text"),
    errorCode: z.string().nullable(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable().describe("Null: never"),
    expiresInMs: z.number().nullable().describe("Milliseconds left when the answer was made"),
    quarantine: z
      .object({ since: z.iso.datetime(), reason: z.string(), edge: z.string() })
      .nullable()
      .describe("Given while the deployment runs in an edge of its own because it burned CPU"),
    url: z.string().describe("The address to show"),
    urls: z.object({ http: z.string(), https: z.string().nullable() }),
  })
  .meta({ id: "Deployment" });
export type DeploymentView = z.infer<typeof deploymentSchema>;

/** RFC 9457 problem details. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string().describe("Stable name of the error"),
    fix: z.string().describe("What to do about it"),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: "Problem" });

/** One finding of a compiler; lines and columns count from 1. */
const diagnosticSchema = z
  .object({
    severity: z.enum(["error", "warning", "note"]),
    file: z.string().nullable(),
    line: z.number().nullable(),
    column: z.number().nullable(),
    message: z.string(),
  })
  .meta({ id: "Diagnostic" });

/** One event of a deploy that is being streamed. */
export const deployEventSchema = z
  .union([
    z.object({
      event: z.literal("accepted"),
      atMs: z.number(),
      id: z.string(),
      token: z.string().describe("Shown once; allows to change and delete"),
    }),
    z.object({ event: z.literal("phase"), atMs: z.number(), phase: z.string(), label: z.string() }),
    z.object({ event: z.literal("phase-end"), atMs: z.number(), phase: z.string(), ms: z.number() }),
    z.object({ event: z.literal("output"), atMs: z.number(), text: z.string() }),
    z.object({ event: z.literal("live"), atMs: z.number(), deployment: deploymentSchema }),
    z.object({
      event: z.literal("failed"),
      atMs: z.number(),
      deployment: deploymentSchema,
      problem: problemSchema,
      diagnostics: z.array(diagnosticSchema),
    }),
  ])
  .meta({ id: "DeployEvent" });
export type DeployEventView = z.infer<typeof deployEventSchema>;

/** One event of a deployment's log. */
export const logEventSchema = z
  .object({
    offset: z.number().describe("Grows by one; a gap means that events were dropped"),
    at: z.iso.datetime(),
    source: z.enum(["build", "debug", "stdout", "stderr", "fault", "platform"]),
    request: z.string().nullable(),
    text: z.string(),
  })
  .meta({ id: "LogEvent" });

/** Why and since when a deployment is kept apart. */
interface Isolation {
  readonly sinceMs: number;
  readonly reason: string;
  readonly edge: string;
}

/** A record as the API shows it: no token, no source address. */
export function viewDeployment(
  record: DeploymentRecord,
  urls: DeploymentUrls,
  nowMs: number,
  quarantine: Isolation | null,
): DeploymentView {
  const { id, name, language, phase, message, errorCode, createdAtMs, expiresAtMs } = record;
  return {
    id,
    name,
    language,
    phase,
    message,
    errorCode,
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
    expiresInMs: expiresAtMs === null ? null : Math.max(0, expiresAtMs - nowMs),
    quarantine:
      quarantine === null
        ? null
        : {
            since: new Date(quarantine.sinceMs).toISOString(),
            reason: quarantine.reason,
            edge: quarantine.edge,
          },
    url: urls.url,
    urls: { http: urls.http, https: urls.https },
  };
}

/** An event of a deploy as the API streams it. */
export function viewDeployEvent(
  event: DeployEvent,
  view: (record: DeploymentRecord) => DeploymentView,
): DeployEventView {
  if (event.event === "live") return { event: "live", atMs: event.atMs, deployment: view(event.record) };
  if (event.event === "failed") {
    const diagnostics = event.error instanceof BuildFailure ? [...event.error.diagnostics] : [];
    return {
      event: "failed",
      atMs: event.atMs,
      deployment: view(event.record),
      problem: toProblem(event.error),
      diagnostics,
    };
  }
  return event;
}
