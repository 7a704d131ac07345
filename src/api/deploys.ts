// Deploys: a project goes in, and events come out.
import { z } from "zod";
import { LANGUAGE_CHOICE, LANGUAGE_NAMES } from "../languages/index.ts";
import { deployment, deploymentParams, ttlText } from "./deployments.ts";
import { endpoint, events, json, type View } from "./endpoint.ts";
import { problem } from "./problem.ts";

const flags = z.array(z.string().max(1000)).max(100);
const name = z.string().max(100);
const language = z.string().max(40);
const appName = z.string().max(64);

/** One finding of a compiler. */
const diagnostic = z
  .object({
    severity: z.enum(["error", "warning", "note"]),
    file: z.string().nullable(),
    line: z.int().nullable().describe("Counted from 1"),
    column: z.int().nullable().describe("Counted from 1"),
    message: z.string(),
  })
  .meta({ id: "Diagnostic" });
export type DiagnosticView = View<typeof diagnostic>;

const phase = z.enum(["upload", "queue", "compile", "check", "native", "health"]);
const atMs = z.number().describe("Milliseconds since the deploy was accepted");

/** One event of a deploy. */
const deployEvent = z
  .union([
    z.object({
      event: z.literal("accepted"),
      atMs,
      id: z.string(),
      token: z
        .string()
        .describe("Shown once; allows to change and delete the deployment, and the app if this creates it"),
    }),
    z.object({
      event: z.literal("phase"),
      atMs,
      phase,
      label: z.string(),
      queuePosition: z.int().nullable().describe("In the phase `queue`: 1 is built next; else null"),
    }),
    z.object({ event: z.literal("phase-end"), atMs, phase, ms: z.number() }),
    z.object({ event: z.literal("output"), atMs, text: z.string().describe("What the compiler says") }),
    z.object({ event: z.literal("live"), atMs, deployment }),
    z.object({
      event: z.literal("failed"),
      atMs,
      deployment,
      problem,
      diagnostics: z.array(diagnostic),
    }),
  ])
  .meta({ id: "DeployEvent" });
export type DeployEventView = View<typeof deployEvent>;
export type DeployPhase = View<typeof phase>;

export const DEPLOY = endpoint({
  method: "post",
  path: "/api/v1/deployments",
  id: "deploy",
  tag: "deployments",
  summary: "Deploy a project",
  description:
    "The body is a tar of the project, or JSON with the tar in base64. With an Accept header of " +
    "`text/event-stream` or `application/x-ndjson` the answer streams events as they happen; else it comes " +
    "once the deployment is live.",
  access: "deploy",
  query: z.strictObject({
    language: z
      .enum(LANGUAGE_NAMES)
      .optional()
      .describe(`${LANGUAGE_CHOICE}; guessed from the files if left out`),
    name: name.optional().describe("Name of the project, shown in lists"),
    ttl: ttlText.optional().describe("Time to live: 90s, 5m, 2h, never"),
    app: appName.optional().describe("App to deploy a version of; created with its first version"),
    preview: z.literal("true").optional().describe("Leave the app's current version as it is"),
    flag: z
      .union([z.string().max(1000), flags])
      .optional()
      .describe("A further compiler flag; may be repeated"),
  }),
  body: z.strictObject({
    tar: z.string().describe("Base64 of a tar of the project, with or without padding"),
    lang: language.nullish(),
    options: flags.nullish(),
    name: name.nullish(),
    ttl: ttlText.nullish(),
  }),
  byteBodies: ["application/x-tar", "application/gzip"],
  answers: {
    200: { description: "Events as they happen", content: events(deployEvent) },
    201: {
      description: "It is live",
      content: json(z.object({ deployment, token: z.string() }).meta({ id: "Deployed" })),
    },
  },
  problems: {
    409: "The app belongs to somebody else",
    422: "It cannot be built or run",
    429: "A quota or the queue is full",
  },
});

export const FOLLOW_DEPLOY = endpoint({
  method: "get",
  path: "/api/v1/deployments/{id}/events",
  id: "followDeploy",
  tag: "deployments",
  summary: "Events of a deploy that is under way, from its start",
  access: "deployment",
  params: deploymentParams,
  answers: { 200: { description: "Events as they happen", content: events(deployEvent) } },
});
