// A deployment's key-value store. Keys and values are bytes: keys are percent-encoded or base64url, values
// are sent unchanged.
import { z } from "zod";
import { deploymentParams } from "./deployments.ts";
import { endpoint, json, type View } from "./endpoint.ts";

const DEFAULT_KEYS = 100;
const MAX_KEYS = 1000;
/** Base64url of the longest key that any limit allows, and some more. */
const MAX_KEY_CHARACTERS = 4096;

const keyText = z.base64url().max(MAX_KEY_CHARACTERS);
const keyParams = deploymentParams.extend({
  key: z.string().describe("The key; as base64url, `=` alone is the empty key"),
});
const keyQuery = z.strictObject({
  encoding: z
    .enum(["percent", "base64url"])
    .default("percent")
    .describe("How the key in the path is written"),
});
const NO_KEY = { 404: "There is no such key, or no such deployment" } as const;

const keyList = z
  .object({
    keys: z.array(
      z.object({
        key: z.string().describe("In base64url"),
        text: z.string().nullable().describe("The key if it is UTF-8"),
        sizeBytes: z.int(),
      }),
    ),
    next: z.string().nullable().describe("To be sent as `after` for more; null at the end"),
    usage: z.object({ keys: z.int(), bytes: z.int() }),
  })
  .meta({ id: "KeyList" });
export type KeyList = View<typeof keyList>;

export const LIST_KEYS = endpoint({
  method: "get",
  path: "/api/v1/deployments/{id}/kv",
  id: "listKeys",
  tag: "store",
  summary: "Keys of the store in byte order",
  access: "deployment",
  params: deploymentParams,
  query: z.strictObject({
    prefix: keyText.optional().describe("Only keys that begin with these bytes, in base64url"),
    after: keyText.optional().describe("Only keys after this one in byte order, in base64url"),
    limit: z.coerce.number().int().min(1).max(MAX_KEYS).default(DEFAULT_KEYS),
  }),
  answers: { 200: { description: "The keys", content: json(keyList) } },
});

export const GET_VALUE = endpoint({
  method: "get",
  path: "/api/v1/deployments/{id}/kv/{key+}",
  id: "getValue",
  tag: "store",
  summary: "The value of a key",
  access: "deployment",
  params: keyParams,
  query: keyQuery,
  answers: { 200: { description: "The value's bytes", content: { "application/octet-stream": null } } },
  problems: NO_KEY,
});

export const PUT_VALUE = endpoint({
  method: "put",
  path: "/api/v1/deployments/{id}/kv/{key+}",
  id: "putValue",
  tag: "store",
  summary: "Set the value of a key to the body",
  access: "deployment",
  params: keyParams,
  query: keyQuery,
  byteBodies: ["application/octet-stream"],
  answers: { 201: { description: "The key is new" }, 204: { description: "The value was replaced" } },
  problems: { 413: "The key or the value is too large", 507: "The store is full" },
});

export const DELETE_VALUE = endpoint({
  method: "delete",
  path: "/api/v1/deployments/{id}/kv/{key+}",
  id: "deleteValue",
  tag: "store",
  summary: "Remove a key",
  access: "deployment",
  params: keyParams,
  query: keyQuery,
  answers: { 204: { description: "It is gone" } },
  problems: NO_KEY,
});
