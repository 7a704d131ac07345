// The deploy protocol of 2019. Its clients look only at the id of the first answer, and poll the second about
// once a second until `done`.
import type { Context } from "hono";
import { type Accepted, POST_DEPLOY, SHOW_STATUS, type DeployStatus } from "../../../api/index.ts";
import { asTerrariumError, TerrariumError } from "../../../errors/index.ts";
import type { DeploymentRecord } from "../../../store/types.ts";
import { drawId, isDeploymentId } from "../../deployments/identity.ts";
import { failedExpiry } from "../../deployments/lifetime.ts";
import { boundedJson } from "../../protocol/bounded-answer.ts";
import { Refusals } from "../../protocol/refusals.ts";
import { maxDeployJsonBytes, readBodyBytes } from "../body.ts";
import { type Env, type Guard, implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { acceptFrom } from "./deploy.ts";
import { appsOf } from "./deployment-params.ts";

/**
 * The two operations. The first checks by itself whether its client may deploy, because a refusal needs an id
 * too.
 */
export function protocolOperations(platform: Platform, guard: Guard): Operation[] {
  const refusals = new Refusals();
  const accept = implement(
    POST_DEPLOY,
    async ({ context }) => {
      const { id } = await acceptFrom(context, platform, async () => {
        const maxBytes = maxDeployJsonBytes(platform.config.limits.uploadBytes);
        const json = await readBodyBytes(context.req.raw, maxBytes);
        const { archive, lang, options } = await platform.parser.parse("protocol-request", { json });
        return {
          archive,
          languageHint: lang,
          flags: options ?? [],
          name: "",
          ttlMs: undefined,
          app: null,
          isPreview: false,
          mayChange: appsOf(platform, context),
        };
      });
      return accepted({ id, success: true, message: "Waiting for build" });
    },
    null,
  );
  const refuse = (cause: unknown) => {
    if (!(cause instanceof TerrariumError)) platform.log.error({ err: cause }, "Cannot start a deploy");
    const { text: message } = asTerrariumError(cause);
    const id = drawId();
    refusals.add(id, message, failedExpiry(platform.config, platform.now()));
    return accepted({ id, success: false, message });
  };
  const run = async (context: Context<Env>) => {
    try {
      await guard(context, "deploy");
      return await accept.run(context);
    } catch (cause) {
      return refuse(cause);
    }
  };
  return [
    { endpoint: POST_DEPLOY, access: "open", run },
    implement(SHOW_STATUS, async ({ params: { id } }) => await showStatusOf(platform, refusals, id)),
  ];
}

async function showStatusOf(platform: Platform, refusals: Refusals, id: string): Promise<Response> {
  const refused = isDeploymentId(id) ? refusals.get(id, platform.now()) : undefined;
  if (refused !== undefined) return status(failed(refused));
  const record = isDeploymentId(id) ? await platform.store.deployments.get(id) : undefined;
  if (record !== undefined) return status(statusOf(record));
  return status(failed(new TerrariumError("TER_NOT_FOUND", { id: id.slice(0, 64) }).text), 404);
}

function statusOf({ phase, message }: DeploymentRecord): DeployStatus {
  return { status: phase, message, success: phase !== "failed", done: phase === "live" };
}

function failed(message: string): DeployStatus {
  return { status: "failed", message, success: false, done: false };
}

function accepted(answer: Accepted): Response {
  return bounded(answer, 200);
}

function status(answer: DeployStatus, code: 200 | 404 = 200): Response {
  return bounded(answer, code);
}

function bounded<T extends { readonly message: string }>(answer: T, status: number): Response {
  return new Response(boundedJson(answer), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
