// Records of the deployment's last requests. They are read while the inspector is looked at, and once when a
// build goes live, so that the server begins to record.
import { effect, signal } from "@preact/signals";
import { ApiError, callJson } from "../api/client.ts";
import type { RequestView } from "../../../src/api/index.ts";
import { expired, live } from "../deploy/lifetime.ts";
import { sideTab } from "../layout/view.ts";

const READ_EVERY_MS = 1000;

/** Newest first. */
export const records = signal<readonly RequestView[]>([]);
/** The record that is open; null: the newest. */
export const openRecord = signal<string | null>(null);
export const recordsProblem = signal<string | null>(null);

/** Follows the deployment. To be called once. */
export function startRecords(): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  let shown: string | null = null;
  effect(() => {
    const id = expired.value ? null : (live.value?.id ?? null);
    if (id !== shown) {
      if (id !== null) records.value = [];
      openRecord.value = null;
      shown = id;
      if (id !== null) void loadRecords();
    }
    clearInterval(timer);
    if (sideTab.value !== "inspector" || id === null) return;
    void loadRecords();
    timer = setInterval(() => document.hidden || void loadRecords(), READ_EVERY_MS);
  });
}

/** Reads them now. */
export async function loadRecords(): Promise<void> {
  const current = live.peek();
  if (current === null || expired.peek()) return;
  try {
    const { requests } = await callJson<{ requests: RequestView[] }>(`/deployments/${current.id}/requests`, {
      token: current.token,
    });
    if (live.peek()?.id !== current.id) return;
    const [newest, known] = [requests.at(-1)?.id, records.peek()[0]?.id];
    if (newest !== known || requests.length !== records.peek().length) records.value = requests.toReversed();
    recordsProblem.value = null;
  } catch (error) {
    if (error instanceof ApiError && error.code !== "TER_UNREACHABLE") recordsProblem.value = error.message;
  }
}
