// Deployments: list, show, extend, delete.
import { z } from "zod";
import { LANGUAGE_NAMES } from "../languages/index.ts";
import { endpoint, json, type View } from "./endpoint.ts";

/** A point in time, in ISO 8601. */
export const moment = z.iso.datetime();

/** `{id}` in a path. */
export const deploymentParams = z.strictObject({ id: z.string().describe("Name of the deployment") });

/** A time to live, the way people write it. */
export const ttlText = z.string().max(40);

/** A deployment. */
export const deployment = z
  .object({
    id: z.string().describe("Four words joined by hyphens; never used again"),
    name: z.string().describe("Name of the project; may be empty"),
    language: z.enum(LANGUAGE_NAMES).nullable(),
    phase: z.enum(["queued", "building", "native", "deploying", "live", "failed"]),
    message: z.string().describe("Label of the phase, the URL, or the error text"),
    errorCode: z.string().nullable(),
    createdAt: moment,
    expiresAt: moment.nullable().describe("Null: never"),
    expiresInMs: z.number().nullable().describe("Milliseconds left when the answer was made"),
    quarantine: z
      .object({ since: moment, reason: z.string(), edge: z.string() })
      .nullable()
      .describe("Given while the deployment runs in an edge of its own because it burned CPU"),
    app: z
      .object({
        name: z.string(),
        version: z.int(),
        url: z.string().describe("The address of the app to show"),
      })
      .nullable()
      .describe("The app that it is a version of"),
    url: z.string().describe("The address to show"),
    urls: z.object({ http: z.string(), https: z.string().nullable() }),
  })
  .meta({ id: "Deployment" });
export type DeploymentView = View<typeof deployment>;

const one = z.object({ deployment });

export const LIST_DEPLOYMENTS = endpoint({
  method: "get",
  path: "/api/v1/deployments",
  id: "listDeployments",
  tag: "deployments",
  summary: "All deployments, newest first",
  access: "operator",
  answers: {
    200: { description: "The deployments", content: json(z.object({ deployments: z.array(deployment) })) },
  },
});
export type DeploymentList = { readonly deployments: readonly DeploymentView[] };

export const SHOW_DEPLOYMENT = endpoint({
  method: "get",
  path: "/api/v1/deployments/{id}",
  id: "showDeployment",
  tag: "deployments",
  summary: "One deployment",
  access: "deployment",
  params: deploymentParams,
  answers: { 200: { description: "The deployment", content: json(one) } },
});

export const EXTEND_DEPLOYMENT = endpoint({
  method: "patch",
  path: "/api/v1/deployments/{id}",
  id: "extendDeployment",
  tag: "deployments",
  summary: "Set the time to live, counted from now",
  access: "deployment",
  params: deploymentParams,
  body: z.strictObject({ ttl: ttlText.min(1).describe("Time to live from now: 90s, 5m, 2h, never") }),
  answers: { 200: { description: "The deployment", content: json(one) } },
  problems: {
    409: "It is the current version of an app",
    422: "The server keeps no deployment that long",
  },
});
export type DeploymentAnswer = View<typeof one>;

export const DELETE_DEPLOYMENT = endpoint({
  method: "delete",
  path: "/api/v1/deployments/{id}",
  id: "deleteDeployment",
  tag: "deployments",
  summary: "Delete a deployment with its store, assets and logs",
  access: "deployment",
  params: deploymentParams,
  answers: { 204: { description: "It is gone" } },
  problems: { 409: "It is the current version of an app" },
});
