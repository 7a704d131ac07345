// Taking a project in, and following what happens to it.
import { z } from "zod";
import { fromWire, TerrariumError, toProblem } from "../../../errors/index.ts";
import { LANGUAGE_CHOICE } from "../../../languages/index.ts";
import { readTtl } from "../../deployments/lifetime.ts";
import type { Progress } from "../../deployments/progress.ts";
import type { AcceptedDeploy, Upload } from "../../deployments/types.ts";
import { readBodyBytes, readJson } from "../body.ts";
import { type StreamEvent, streamFormat, streamResponse } from "../event-stream.ts";
import { defineOperation, type Env, type Operation, validate } from "../operation.ts";
import { type Platform, viewOf } from "../platform.ts";
import { deployEventSchema, deploymentSchema, problemSchema, viewDeployEvent } from "../views.ts";
import { clientOf, existingDeployment, idParams } from "./deployment-params.ts";
import type { Context } from "hono";

/** JSON around the archive: names, flags, braces. */
const JSON_OVERHEAD_BYTES = 64 * 1024;

const flags = z.array(z.string().max(1000)).max(100);
const deployQuery = z.strictObject({
  language: z.string().max(40).optional().describe(`${LANGUAGE_CHOICE}; guessed from the files if left out`),
  name: z.string().max(100).optional().describe("Name of the project, shown in lists"),
  ttl: z.string().max(40).optional().describe("Time to live: 90s, 5m, 2h, never"),
  flag: z
    .union([z.string().transform((one) => [one]), flags])
    .optional()
    .describe("A further compiler flag; may be repeated"),
});
const deployBody = z.strictObject({
  tar: z.string().describe("Base64 of a tar of the project, with or without padding"),
  lang: z.string().max(40).nullish(),
  options: flags.nullish(),
  name: z.string().max(100).nullish(),
  ttl: z.string().max(40).nullish(),
});
const deployedSchema = z.object({ deployment: deploymentSchema, token: z.string() }).meta({ id: "Deployed" });

/** The base64 text of an archive. Node decodes leniently, so anything that is not base64 is refused here. */
export function decodeArchive(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/\-_\s]*={0,2}\s*$/.test(text))
    throw new TerrariumError("TER_ARCHIVE_INVALID", { reason: "it is not base64" });
  return Buffer.from(text, "base64");
}

/** Largest JSON body that can hold an archive of the allowed size. */
export function maxDeployJsonBytes(uploadBytes: number): number {
  return Math.ceil((uploadBytes * 4) / 3) + JSON_OVERHEAD_BYTES;
}

/** Operations about deploys under way. */
export function deployOperations(platform: Platform): Operation[] {
  const create = defineOperation({
    method: "post",
    path: "/api/v1/deployments",
    id: "deploy",
    summary:
      "Deploy a project: a tar as the body, or JSON with it in base64. Streams " +
      "phases as the Accept header asks, else answers when it is live",
    access: "deploy",
    query: deployQuery,
    bodyContentTypes: ["application/x-tar", "application/gzip", "application/json"],
    answers: {
      200: {
        description: "Phases as they happen (text/event-stream or application/x-ndjson)",
        schema: deployEventSchema,
      },
      201: { description: "It is live", schema: deployedSchema },
      422: { description: "It cannot be built or run", schema: problemSchema },
      429: { description: "Quota or queue is full", schema: problemSchema },
    },
    handle: async ({ context, query }) => {
      const upload = await readUpload(context, platform, query);
      const accepted = await platform.deployments.accept(upload, clientOf(context));
      const format = streamFormat(context.req.header("accept"));
      if (format === undefined) return await finished(platform, accepted);
      return streamResponse(format, (signal) => deployEvents(platform, accepted.progress, signal, accepted));
    },
  });
  const follow = defineOperation({
    method: "get",
    path: "/api/v1/deployments/{id}/events",
    id: "followDeploy",
    summary: "Phases of a deploy that is under way, from its start",
    access: "deployment",
    params: idParams,
    answers: { 200: { description: "Phases as they happen", schema: deployEventSchema } },
    handle: async ({ context, params }) => {
      const record = await existingDeployment(platform, params.id);
      const progress = platform.deployments.progress(record.id);
      const format = streamFormat(context.req.header("accept")) ?? "ndjson";
      return streamResponse(format, (signal) =>
        progress === undefined ? settled(platform, record) : deployEvents(platform, progress, signal),
      );
    },
  });
  return [create, follow];
}

async function readUpload(
  context: Context<Env>,
  platform: Platform,
  query: z.output<typeof deployQuery>,
): Promise<Upload> {
  const { uploadBytes } = platform.config.limits;
  const isJson = context.req.header("content-type")?.includes("json") === true;
  if (!isJson) {
    const archive = await readBodyBytes(context.req.raw, uploadBytes);
    const { name = "", language = null, flag = [], ttl } = query;
    return { archive, name, languageHint: language, flags: flag, ttlMs: readTtl(ttl) };
  }
  const body = validate(deployBody, await readJson(context.req.raw, maxDeployJsonBytes(uploadBytes)), "body");
  return {
    archive: decodeArchive(body.tar),
    name: body.name ?? query.name ?? "",
    languageHint: body.lang ?? query.language ?? null,
    flags: body.options ?? query.flag ?? [],
    ttlMs: readTtl(body.ttl ?? query.ttl),
  };
}

async function finished(platform: Platform, { progress, token }: AcceptedDeploy): Promise<Response> {
  for await (const event of progress.events()) {
    if (event.event === "failed") throw event.error;
    if (event.event === "live")
      return Response.json({ deployment: viewOf(platform, event.record), token }, { status: 201 });
  }
  throw new TerrariumError("TER_STOPPING");
}

async function* deployEvents(
  platform: Platform,
  progress: Progress,
  signal: AbortSignal,
  accepted?: AcceptedDeploy,
): AsyncGenerator<StreamEvent> {
  if (accepted !== undefined) {
    const data = { event: "accepted", atMs: 0, id: accepted.id, token: accepted.token };
    yield { event: "accepted", data };
  }
  for await (const event of progress.events(signal))
    yield { event: event.event, data: viewDeployEvent(event, (record) => viewOf(platform, record)) };
}

async function* settled(
  platform: Platform,
  record: Parameters<typeof viewOf>[1],
): AsyncGenerator<StreamEvent> {
  const deployment = viewOf(platform, record);
  if (record.phase !== "failed") yield { event: "live", data: { event: "live", atMs: 0, deployment } };
  else {
    // The record keeps the whole text, the fix with it.
    const problem = toProblem(
      fromWire({ code: record.errorCode ?? "TER_INTERNAL", message: record.message, fix: "", details: {} }),
    );
    yield { event: "failed", data: { event: "failed", atMs: 0, deployment, problem, diagnostics: [] } };
  }
}
