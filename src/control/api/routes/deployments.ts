// List, show, extend, delete.
import { z } from "zod";
import { TerrariumError } from "../../../errors/index.ts";
import { readTtl } from "../../deployments/lifetime.ts";
import { defineOperation, type Operation } from "../operation.ts";
import { type Platform, viewOf } from "../platform.ts";
import { deploymentSchema, problemSchema } from "../views.ts";
import { existingDeployment, idParams, knownForm } from "./deployment-params.ts";

const MAX_PATCH_BYTES = 4096;
const NOT_FOUND = { description: "No such deployment, or it has expired", schema: problemSchema } as const;
const deploymentAnswer = z.object({ deployment: deploymentSchema });
const patchBody = z.strictObject({
  ttl: z.string().max(40).describe("Time to live from now: 90s, 5m, 2h, never"),
});

/** Operations about existing deployments. */
export function deploymentOperations(platform: Platform): Operation[] {
  const list = defineOperation({
    method: "get",
    path: "/api/v1/deployments",
    id: "listDeployments",
    summary: "All deployments, newest first",
    access: "operator",
    answers: {
      200: { description: "The deployments", schema: z.object({ deployments: z.array(deploymentSchema) }) },
    },
    handle: async () => {
      const records = await platform.deployments.list();
      return Response.json({ deployments: records.map((record) => viewOf(platform, record)) });
    },
  });
  const show = defineOperation({
    method: "get",
    path: "/api/v1/deployments/{id}",
    id: "showDeployment",
    summary: "One deployment",
    access: "deployment",
    params: idParams,
    answers: { 200: { description: "The deployment", schema: deploymentAnswer }, 404: NOT_FOUND },
    handle: async ({ params }) =>
      Response.json({ deployment: viewOf(platform, await existingDeployment(platform, params.id)) }),
  });
  const extend = defineOperation({
    method: "patch",
    path: "/api/v1/deployments/{id}",
    id: "extendDeployment",
    summary: "Set the time to live, counted from now",
    access: "deployment",
    params: idParams,
    body: { schema: patchBody, maxBytes: MAX_PATCH_BYTES },
    answers: { 200: { description: "The deployment", schema: deploymentAnswer }, 404: NOT_FOUND },
    handle: async ({ params, body }) => {
      const ttlMs = readTtl(body.ttl);
      if (ttlMs === undefined)
        throw new TerrariumError("TER_BAD_REQUEST", { reason: "Time to live (ttl) is empty" });
      const record = await platform.deployments.setTtl(knownForm(params.id), ttlMs);
      return Response.json({ deployment: viewOf(platform, record) });
    },
  });
  const remove = defineOperation({
    method: "delete",
    path: "/api/v1/deployments/{id}",
    id: "deleteDeployment",
    summary: "Delete a deployment with its store, assets and logs",
    access: "deployment",
    params: idParams,
    answers: { 204: { description: "It is gone" }, 404: NOT_FOUND },
    handle: async ({ params }) => {
      await platform.deployments.remove(knownForm(params.id));
      return new Response(null, { status: 204 });
    },
  });
  return [list, show, extend, remove];
}
