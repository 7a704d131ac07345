// Accepting a project, and following its deploy.
import type { Context } from "hono";
import { DEPLOY, type DeployEventView, FOLLOW_DEPLOY, type QueryOf } from "../../../api/index.ts";
import { fromWire, TerrariumError, toProblem } from "../../../errors/index.ts";
import { readOptionalTtl } from "../../deployments/lifetime.ts";
import type { Progress } from "../../deployments/progress.ts";
import type { AcceptedDeploy, Upload } from "../../deployments/types.ts";
import { bodyBytesOf, maxDeployJsonBytes, readBodyBytes } from "../body.ts";
import { type StreamEvent, streamFormat, streamResponse } from "../event-stream.ts";
import { type Env, implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { viewDeployEvent, viewOf } from "../views.ts";
import { appsOf, existingDeployment, sourceOfClient } from "./deployment-params.ts";

/** Operations on running deploys. */
export function deployOperations(platform: Platform): Operation[] {
  const create = implement(
    DEPLOY,
    async ({ context, query, answer }) => {
      const accepted = await acceptFrom(context, platform, () => uploadOf(context, platform, query));
      const format = streamFormat(context.req.header("accept"));
      if (format === undefined) return answer(201, await finished(platform, accepted));
      return streamResponse(format, (signal) => deployEvents(platform, accepted.progress, signal, accepted));
    },
    null,
  );
  const follow = implement(FOLLOW_DEPLOY, async ({ context, params }) => {
    const record = await existingDeployment(platform, params.id);
    const progress = platform.deployments.progress(record.id);
    const format = streamFormat(context.req.header("accept")) ?? "ndjson";
    return streamResponse(format, (signal) =>
      progress === undefined ? settled(platform, record) : deployEvents(platform, progress, signal),
    );
  });
  return [create, follow];
}

/** Admits a source before a byte of its project is read. */
export async function acceptFrom(
  context: Context<Env>,
  { deployments, uploads, config }: Platform,
  read: () => Promise<Upload>,
): Promise<AcceptedDeploy> {
  const source = sourceOfClient(context);
  const admitted = await deployments.admit(source);
  try {
    const bytes = bodyBytesOf(context.req.raw, maxDeployJsonBytes(config.limits.uploadBytes));
    return await deployments.accept(await uploads.during(source, bytes, read), admitted);
  } catch (error) {
    admitted.end();
    throw error;
  }
}

async function uploadOf(
  context: Context<Env>,
  platform: Platform,
  { name = "", language, flag = [], ttl, app, preview }: QueryOf<typeof DEPLOY>,
): Promise<Upload> {
  const { config, parser } = platform;
  const { uploadBytes } = config.limits;
  const flags = [flag].flat();
  const mayChange = appsOf(platform, context);
  if (context.req.header("content-type")?.includes("json") !== true) {
    const archive = await readBodyBytes(context.req.raw, uploadBytes);
    return {
      archive,
      name,
      language: language ?? null,
      languageHint: null,
      flags,
      ttlMs: readOptionalTtl(ttl),
      app: app ?? null,
      isPreview: preview !== undefined,
      mayChange,
    };
  }
  const json = await readBodyBytes(context.req.raw, maxDeployJsonBytes(uploadBytes));
  const body = await parser.parse("deploy-request", { json });
  return {
    archive: body.archive,
    name: body.name ?? name,
    language: language ?? null,
    languageHint: body.lang ?? null,
    flags: body.options ?? flags,
    ttlMs: readOptionalTtl(body.ttl ?? ttl),
    app: app ?? null,
    isPreview: preview !== undefined,
    mayChange,
  };
}

async function finished(platform: Platform, { progress, token }: AcceptedDeploy) {
  for await (const event of progress.events()) {
    if (event.event === "failed") throw event.error;
    if (event.event === "live") return { deployment: viewOf(platform, event.record), token };
  }
  throw new TerrariumError("TER_STOPPING");
}

async function* deployEvents(
  platform: Platform,
  progress: Progress,
  signal: AbortSignal,
  accepted?: AcceptedDeploy,
): AsyncGenerator<StreamEvent> {
  if (accepted !== undefined)
    yield streamed({ event: "accepted", atMs: 0, id: accepted.id, token: accepted.token });
  for await (const event of progress.events(signal))
    yield streamed(viewDeployEvent(event, (record) => viewOf(platform, record)));
}

async function* settled(
  platform: Platform,
  record: Parameters<typeof viewOf>[1],
): AsyncGenerator<StreamEvent> {
  const deployment = viewOf(platform, record);
  if (record.phase !== "failed") return yield streamed({ event: "live", atMs: 0, deployment });
  // The record keeps the whole text, including the fix.
  const problem = toProblem(
    fromWire({ code: record.errorCode ?? "TER_INTERNAL", message: record.message, fix: "", details: {} }),
  );
  yield streamed({ event: "failed", atMs: 0, deployment, problem, diagnostics: [] });
}

function streamed(data: DeployEventView): StreamEvent {
  return { event: data.event, data };
}
