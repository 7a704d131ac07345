// A deployment's key-value store, through the API.
import { DELETE_VALUE, GET_VALUE, LIST_KEYS, PUT_VALUE } from "../../../api/index.ts";
import { TerrariumError } from "../../../errors/index.ts";
import { keyValueQuotaOf } from "../../../store/key-value-quota.ts";
import type { KeyValueNamespace } from "../../../store/types.ts";
import { bodyBytesOf, readBodyBytes } from "../body.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { sourceOfClient, storeIdOf } from "./deployment-params.ts";

/** Operations on keys and values. */
export function keyValueOperations(platform: Platform): Operation[] {
  return [list(platform), get(platform), put(platform), remove(platform)];
}

function list(platform: Platform): Operation {
  return implement(LIST_KEYS, async ({ params, query: { limit, prefix, after }, answer }) => {
    const namespace = await open(platform, params.id);
    const found = await namespace.list({
      limit: limit + 1,
      ...(prefix === undefined ? {} : { prefix: Buffer.from(prefix, "base64url") }),
      ...(after === undefined ? {} : { after: Buffer.from(after, "base64url") }),
    });
    const keys = found
      .slice(0, limit)
      .map(({ key, sizeBytes }) => ({ key: toBase64url(key), text: asText(key), sizeBytes }));
    const next = found.length > limit ? (keys.at(-1)?.key ?? null) : null;
    return answer(200, { keys, next, usage: await namespace.usage() });
  });
}

function get(platform: Platform): Operation {
  return implement(GET_VALUE, async ({ context, params, query }) => {
    const namespace = await open(platform, params.id);
    const value = await namespace.get(keyOf(context.req.raw.url, query.encoding));
    if (value === undefined) throw new TerrariumError("TER_NO_SUCH_KEY", { id: params.id });
    // A browser must never show this as a page of this origin: the bytes are the tenant's.
    const headers = {
      "content-type": "application/octet-stream",
      "content-disposition": "attachment",
      "cache-control": "no-store",
    };
    return new Response(Buffer.from(value), { headers });
  });
}

function put(platform: Platform): Operation {
  return implement(PUT_VALUE, async ({ context, params, query }) => {
    const namespace = await open(platform, params.id);
    const { valueBytes } = platform.config.limits;
    const value = await platform.uploads.during(
      sourceOfClient(context),
      bodyBytesOf(context.req.raw, valueBytes),
      () => readBodyBytes(context.req.raw, valueBytes),
    );
    const created = await namespace.insert(keyOf(context.req.raw.url, query.encoding), value);
    return new Response(null, { status: created ? 201 : 204 });
  });
}

function remove(platform: Platform): Operation {
  return implement(DELETE_VALUE, async ({ context, params, query }) => {
    const namespace = await open(platform, params.id);
    const removed = await namespace.remove(keyOf(context.req.raw.url, query.encoding));
    if (!removed) throw new TerrariumError("TER_NO_SUCH_KEY", { id: params.id });
    return new Response(null, { status: 204 });
  });
}

async function open(platform: Platform, id: string): Promise<KeyValueNamespace> {
  const storeId = await storeIdOf(platform, id);
  return platform.store.keyValue.open(storeId, keyValueQuotaOf(platform.config.limits));
}

/** The key's bytes, from the raw path: a router would decode them as UTF-8 and lose what is not UTF-8. */
export function keyOf(url: string, encoding: "percent" | "base64url"): Uint8Array {
  const [, raw = ""] = /^[^?#]*?\/kv\/([^?#]*)/.exec(url) ?? [];
  if (encoding === "base64url") {
    // Padding alone: the empty key, which a path could not end in.
    if (raw === "=") return new Uint8Array();
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
