// The deployment's store as the store browser holds it.
import { effect, signal } from "@preact/signals";
import { ApiError, call, callJson } from "../api/client.ts";
import type { KeyList } from "../../../src/api/index.ts";
import { live } from "../deploy/lifetime.ts";
import { drawerOpen, drawerTab } from "../layout/view.ts";
import { notify } from "../parts/toasts.tsx";
import { bytesOf, contentOf, toBase64url } from "../project/content.ts";
import type { Content } from "../project/types.ts";

/** Pages of keys so far; null while nothing was read. */
export const keyList = signal<KeyList | null>(null);
/** The key that is open, in base64url, with its value. */
export const openKey = signal<{
  readonly key: string;
  readonly text: string | null;
  readonly value: Content;
} | null>(null);
export const storeProblem = signal<string | null>(null);

/** Reads the store whenever it is looked at and another deployment is live. To be called once. */
export function startStore(): void {
  let shown: string | null = null;
  effect(() => {
    const id = live.value?.id ?? null;
    if (id !== shown) {
      keyList.value = null;
      openKey.value = null;
    }
    if (drawerTab.value === "store" && drawerOpen.value && id !== null && id !== shown) void readKeys();
    shown = drawerTab.value === "store" && drawerOpen.value ? id : null;
  });
}

/** Reads the first keys, or those after the ones that are known. */
export async function readKeys(more = false): Promise<void> {
  await attempt(async (path, token) => {
    const known = more ? keyList.peek() : null;
    const after = known?.next ?? null;
    const next = await callJson<KeyList>(`${path}${after === null ? "" : `?after=${after}`}`, { token });
    keyList.value = known === null ? next : { ...next, keys: [...known.keys, ...next.keys] };
  });
}

/** Opens a key. */
export async function readValue(key: string, text: string | null): Promise<void> {
  await attempt(async (path, token) => {
    const response = await call(`${path}/${key}?encoding=base64url`, { token });
    openKey.value = { key, text, value: contentOf(new Uint8Array(await response.arrayBuffer())) };
  });
}

/** Writes a value. */
export async function writeValue(key: string, text: string | null, value: Content): Promise<void> {
  await attempt(async (path, token) => {
    await call(`${path}/${key}?encoding=base64url`, {
      method: "PUT",
      token,
      contentType: "application/octet-stream",
      body: bytesOf(value),
    });
    openKey.value = { key, text, value };
    notify("Value saved");
  });
  await readKeys();
}

/** Removes a key. */
export async function removeKey(key: string): Promise<void> {
  await attempt(async (path, token) => {
    await call(`${path}/${key}?encoding=base64url`, { method: "DELETE", token });
    openKey.value = null;
  });
  await readKeys();
}

/** The key of a text, as the API takes it. */
export function keyOf(text: string): string {
  return toBase64url(bytesOf(text));
}

async function attempt(act: (path: string, token: string) => Promise<void>): Promise<void> {
  const current = live.peek();
  if (current === null) return;
  try {
    await act(`/deployments/${current.id}/kv`, current.token);
    storeProblem.value = null;
  } catch (error) {
    storeProblem.value = error instanceof ApiError ? error.message : String(error);
  }
}
