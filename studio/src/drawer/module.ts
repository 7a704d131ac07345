// The deployment's module as the module view holds it: described at once, as text when that is asked for.
import { effect, signal } from "@preact/signals";
import { call, callJson } from "../api/client.ts";
import type { ModuleView } from "../../../src/api/index.ts";
import { live } from "../deploy/lifetime.ts";
import { drawerOpen, drawerTab } from "../layout/view.ts";
import { saveFile } from "../parts/save-file.ts";

export const moduleInfo = signal<ModuleView | null>(null);
export const moduleText = signal<string | null>(null);
export const moduleProblem = signal<string | null>(null);
/** True while the text is being written and fetched. */
export const readingText = signal(false);

/** Reads the module whenever it is looked at and another deployment is live. To be called once. */
export function startModule(): void {
  let shown: string | null = null;
  effect(() => {
    const id = live.value?.id ?? null;
    if (id !== shown) {
      moduleInfo.value = null;
      moduleText.value = null;
      moduleProblem.value = null;
    }
    if (drawerTab.value !== "module" || !drawerOpen.value || id === null || id === shown) return;
    shown = id;
    void attempt(async (path, token) => (moduleInfo.value = await callJson<ModuleView>(path, { token })));
  });
}

/** Reads the module's text. */
export async function readText(): Promise<void> {
  if (readingText.peek()) return;
  readingText.value = true;
  await attempt(async (path, token) => {
    const text = await (await call(`${path}?format=wat`, { token })).text();
    if (path === pathOf(live.peek()?.id)) moduleText.value = text;
  });
  readingText.value = false;
}

/** Hands the module to the person, as it was built. */
export function downloadModule(): Promise<void> {
  return attempt(async (path, token) =>
    saveFile(
      "module.wasm",
      await (await call(`${path}?format=wasm`, { token })).arrayBuffer(),
      "application/wasm",
    ),
  );
}

async function attempt(act: (path: string, token: string) => Promise<unknown>): Promise<void> {
  const current = live.peek();
  if (current === null) return;
  try {
    await act(pathOf(current.id), current.token);
    moduleProblem.value = null;
  } catch (error) {
    moduleProblem.value = error instanceof Error ? error.message : String(error);
  }
}

function pathOf(id: string | undefined): string {
  return `/deployments/${id}/module`;
}
