// What the platform's own processes ask at the control socket. Requests that an edge passes on for a client
// say whose they are; those are refused.
import type { Context, Hono } from "hono";
import { z } from "zod";
import { TerrariumError } from "../../errors/index.ts";
import { lookUpFrames } from "../deployments/sourced-records.ts";
import { existingDeployment } from "./routes/deployment-params.ts";
import { readJson } from "./body.ts";
import { validate } from "../parsing/validate.ts";
import type { Env } from "./operation.ts";
import type { Platform } from "./platform.ts";

const MAX_QUESTION_BYTES = 4096;
const question = z.strictObject({ id: z.string(), offsets: z.array(z.int().min(0)).max(64) });

/** Adds `/internal/ready` and `/internal/symbolize`. */
export function mountInternal(app: Hono<Env>, platform: Platform): void {
  app.get("/internal/ready", (context) => context.body(null, platform.isReady() ? 200 : 503));
  app.post("/internal/symbolize", async (context) => {
    refuseClients(context);
    const { id, offsets } = validate(question, await readJson(context.req.raw, MAX_QUESTION_BYTES), "body");
    const record = await existingDeployment(platform, id);
    return context.json({ locations: await lookUpFrames(platform, record.id, offsets) });
  });
}

function refuseClients(context: Context<Env>): void {
  if (context.env.client !== null) throw new TerrariumError("TER_NO_SUCH_PAGE", { path: context.req.path });
}
