// A deployment's key-value store, seen from outside. Keys and values are bytes: keys travel percent-encoded
// or in base64url, values as they are.
import { z } from "zod";
import { TerrariumError } from "../../../errors/index.ts";
import { keyValueQuotaOf } from "../../../store/key-value-quota.ts";
import type { KeyValueNamespace } from "../../../store/types.ts";
import { readBodyBytes } from "../body.ts";
import { defineOperation, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { problemSchema } from "../views.ts";
import { existingDeployment, idParams } from "./deployment-params.ts";

const DEFAULT_KEYS = 100;
const MAX_KEYS = 1000;

const base64url = z.base64url().transform((text) => new Uint8Array(Buffer.from(text, "base64url")));
const listQuery = z.strictObject({
  prefix: base64url.optional().describe("Only keys that begin with these bytes, in base64url"),
  after: base64url.optional().describe("Only keys after this one in byte order, in base64url"),
  limit: z.coerce.number().int().min(1).max(MAX_KEYS).default(DEFAULT_KEYS),
});
const keySchema = z.object({
  key: z.string().describe("In base64url"),
  text: z.string().nullable().describe("The key if it is UTF-8"),
  sizeBytes: z.number(),
});
const listAnswer = z.object({
  keys: z.array(keySchema),
  next: z.string().nullable().describe("To be sent as `after` for more; null at the end"),
  usage: z.object({ keys: z.number(), bytes: z.number() }),
});
const keyParams = idParams.extend({ key: z.string() });
const keyQuery = z.strictObject({
  encoding: z
    .enum(["percent", "base64url"])
    .default("percent")
    .describe("How the key in the path is written"),
});
const NO_KEY = { description: "No such key", schema: problemSchema } as const;

/** Operations on keys and values. */
export function keyValueOperations(platform: Platform): Operation[] {
  return [listKeys(platform), getValue(platform), putValue(platform), deleteValue(platform)];
}

function listKeys(platform: Platform): Operation {
  return defineOperation({
    method: "get",
    path: "/api/v1/deployments/{id}/kv",
    id: "listKeys",
    summary: "Keys of the store in byte order",
    access: "deployment",
    params: idParams,
    query: listQuery,
    answers: { 200: { description: "The keys", schema: listAnswer } },
    handle: async ({ params, query }) => {
      const namespace = await open(platform, params.id);
      const { limit, prefix, after } = query;
      const found = await namespace.list({
        limit: limit + 1,
        ...(prefix === undefined ? {} : { prefix }),
        ...(after === undefined ? {} : { after }),
      });
      const keys = found
        .slice(0, limit)
        .map(({ key, sizeBytes }) => ({ key: toBase64url(key), text: asText(key), sizeBytes }));
      const next = found.length > limit ? (keys.at(-1)?.key ?? null) : null;
      return Response.json({ keys, next, usage: await namespace.usage() });
    },
  });
}

function getValue(platform: Platform): Operation {
  return defineOperation({
    method: "get",
    path: "/api/v1/deployments/{id}/kv/{key+}",
    id: "getValue",
    summary: "The value of a key",
    access: "deployment",
    params: keyParams,
    query: keyQuery,
    answers: {
      200: { description: "The value's bytes", contentTypes: ["application/octet-stream"] },
      404: NO_KEY,
    },
    handle: async ({ context, params, query }) => {
      const namespace = await open(platform, params.id);
      const value = await namespace.get(keyOf(context.req.raw.url, query.encoding));
      if (value === undefined) throw new TerrariumError("TER_NO_SUCH_KEY", { id: params.id });
      // Never shown by a browser as a page of this origin: the bytes are the tenant's.
      const headers = {
        "content-type": "application/octet-stream",
        "content-disposition": "attachment",
        "cache-control": "no-store",
      };
      return new Response(Buffer.from(value), { headers });
    },
  });
}

function putValue(platform: Platform): Operation {
  return defineOperation({
    method: "put",
    path: "/api/v1/deployments/{id}/kv/{key+}",
    id: "putValue",
    summary: "Set the value of a key to the body",
    access: "deployment",
    params: keyParams,
    query: keyQuery,
    bodyContentTypes: ["application/octet-stream"],
    answers: {
      201: { description: "The key is new" },
      204: { description: "The value was replaced" },
      507: { description: "The store is full", schema: problemSchema },
    },
    handle: async ({ context, params, query }) => {
      const namespace = await open(platform, params.id);
      const value = await readBodyBytes(context.req.raw, platform.config.limits.valueBytes);
      const created = await namespace.insert(keyOf(context.req.raw.url, query.encoding), value);
      return new Response(null, { status: created ? 201 : 204 });
    },
  });
}

function deleteValue(platform: Platform): Operation {
  return defineOperation({
    method: "delete",
    path: "/api/v1/deployments/{id}/kv/{key+}",
    id: "deleteValue",
    summary: "Remove a key",
    access: "deployment",
    params: keyParams,
    query: keyQuery,
    answers: { 204: { description: "It is gone" }, 404: NO_KEY },
    handle: async ({ context, params, query }) => {
      const namespace = await open(platform, params.id);
      const removed = await namespace.remove(keyOf(context.req.raw.url, query.encoding));
      if (!removed) throw new TerrariumError("TER_NO_SUCH_KEY", { id: params.id });
      return new Response(null, { status: 204 });
    },
  });
}

async function open(platform: Platform, id: string): Promise<KeyValueNamespace> {
  const record = await existingDeployment(platform, id);
  return platform.store.keyValue.open(record.id, keyValueQuotaOf(platform.config.limits));
}

/** The key's bytes from the raw path: a router would decode them as UTF-8 and lose what is not. */
function keyOf(url: string, encoding: "percent" | "base64url"): Uint8Array {
  const [, raw = ""] = /^[^?#]*?\/kv\/([^?#]*)/.exec(url) ?? [];
  if (encoding === "base64url") {
    if (!/^[\w-]+$/.test(raw))
      throw new TerrariumError("TER_BAD_REQUEST", { reason: "The key is not base64url" });
    return Buffer.from(raw, "base64url");
  }
  if (/%(?![0-9a-f]{2})/i.test(raw))
    throw new TerrariumError("TER_BAD_REQUEST", { reason: "The key is not percent-encoded" });
  const bytes = raw.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1");
}

function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function asText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
