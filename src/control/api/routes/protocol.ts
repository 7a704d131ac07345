// The deploy protocol of 2019: POST /deploy and GET /status/<id>. Its clients look only at the id of the
// first answer and poll the second about once a second until `done`.
import type { Context, Hono } from "hono";
import { z } from "zod";
import { asTerrariumError, TerrariumError } from "../../../errors/index.ts";
import type { DeploymentRecord } from "../../../store/types.ts";
import { drawId, isDeploymentId } from "../../deployments/identity.ts";
import { failedExpiry } from "../../deployments/lifetime.ts";
import { boundedJson } from "../../protocol/bounded-answer.ts";
import { Refusals } from "../../protocol/refusals.ts";
import { readJson } from "../body.ts";
import { type Access, type Env, validate } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { decodeArchive, maxDeployJsonBytes } from "./deploy.ts";
import { clientOf } from "./deployment-params.ts";

/** Fields that we do not know are ignored: clients of 2019 may send more. */
const deployRequest = z.object({
  lang: z.string().max(40).nullish(),
  options: z.array(z.string().max(1000)).max(100).nullish(),
  tar: z.string(),
});

/** Adds the two routes. */
export function mountProtocol(
  app: Hono<Env>,
  platform: Platform,
  guard: (context: Context<Env>, access: Access) => Promise<void>,
): void {
  const refusals = new Refusals();
  app.post("/deploy", async (context) => {
    try {
      await guard(context, "deploy");
      return json({ id: await accept(platform, context), success: true, message: "Waiting for build" });
    } catch (cause) {
      const { text: message } = asTerrariumError(cause);
      if (!(cause instanceof TerrariumError)) platform.log.error({ err: cause }, "Cannot start a deploy");
      const id = drawId();
      refusals.add(id, message, failedExpiry(platform.config, platform.now()));
      return json({ id, success: false, message });
    }
  });
  app.get("/status/:id", async (context) => {
    const id = context.req.param("id");
    const refused = isDeploymentId(id) ? refusals.get(id, platform.now()) : undefined;
    if (refused !== undefined)
      return json({ status: "failed", message: refused, success: false, done: false });
    const record = isDeploymentId(id) ? await platform.store.deployments.get(id) : undefined;
    if (record !== undefined) return json(statusOf(record));
    const { text: message } = new TerrariumError("TER_NOT_FOUND", { id: id.slice(0, 64) });
    return json({ status: "failed", message, success: false, done: false }, 404);
  });
}

async function accept(platform: Platform, context: Context<Env>): Promise<string> {
  const maxBytes = maxDeployJsonBytes(platform.config.limits.uploadBytes);
  const request = validate(deployRequest, await readJson(context.req.raw, maxBytes), "body");
  const archive = decodeArchive(request.tar);
  const upload = {
    archive,
    languageHint: request.lang ?? null,
    flags: request.options ?? [],
    name: "",
    ttlMs: undefined,
  };
  return (await platform.deployments.accept(upload, clientOf(context))).id;
}

function statusOf(record: DeploymentRecord) {
  const { phase, message } = record;
  return { status: phase, message, success: phase !== "failed", done: phase === "live" };
}

function json<T extends { readonly message: string }>(answer: T, status = 200): Response {
  return new Response(boundedJson(answer), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
