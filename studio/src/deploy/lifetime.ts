// How long the deployment still lives, by a clock that ticks once a second, and what to say when it comes to
// an end.
import { computed, effect, signal } from "@preact/signals";
import { ApiError, callJson, sendJson } from "../api/client.ts";
import { connection } from "../api/connection.ts";
import type { DeploymentView } from "../../../src/api/index.ts";
import { notify } from "../parts/toasts.tsx";
import { project, setLive } from "../project/workspace.ts";

const SECOND_MS = 1000;
const EXTENSION_MS = 300_000;
const WARNINGS_S = [60, 10];

const nowMs = signal(Date.now());
/** What screen readers are told about expiry. */
export const expiryNotice = signal("");

/** The deployment of the open project. */
export const live = computed(() => project.value?.live ?? null);
/** Milliseconds left; Infinity: for ever; null: nothing is deployed. */
export const leftMs = computed(() => {
  const current = live.value;
  if (current === null) return null;
  return current.expiresAtMs === null
    ? Number.POSITIVE_INFINITY
    : Math.max(0, current.expiresAtMs - nowMs.value);
});
export const expired = computed(() => leftMs.value === 0);

/** Starts the clock. */
export function startClock(): void {
  setInterval(() => (nowMs.value = Date.now()), SECOND_MS);
  document.addEventListener("visibilitychange", () => (nowMs.value = Date.now()));
  let before = Number.POSITIVE_INFINITY;
  effect(() => {
    const left = leftMs.value;
    const seconds = left === null ? Number.POSITIVE_INFINITY : Math.ceil(left / SECOND_MS);
    const warning = WARNINGS_S.find((at) => before > at && seconds <= at && seconds > 0);
    if (warning !== undefined) expiryNotice.value = `The deployment expires in ${seconds} seconds`;
    if (seconds === 0 && before > 0) expiryNotice.value = "The deployment has expired";
    before = seconds;
  });
  connection.onReturn(() => void refreshLive());
}

/**
 * Asks the server whether the deployment is still there: it may have been deleted, or the server's data may
 * be new.
 */
export async function refreshLive(): Promise<void> {
  const opened = project.peek();
  if (opened?.live == null) return;
  const { id, token } = opened.live;
  try {
    const { deployment } = await callJson<{ deployment: DeploymentView }>(`/deployments/${id}`, { token });
    keepExpiry(opened.id, id, deployment.expiresInMs);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) keepExpiry(opened.id, id, 0);
  }
}

/** Adds five minutes to what is left. */
export async function extend(): Promise<void> {
  const opened = project.peek();
  const left = leftMs.peek();
  if (opened?.live == null || left === null || left === Number.POSITIVE_INFINITY) return;
  const { id, token } = opened.live;
  try {
    const ttl = `${Math.round((left + EXTENSION_MS) / SECOND_MS)}s`;
    const { deployment } = await sendJson<{ deployment: DeploymentView }>(
      `/deployments/${id}`,
      "PATCH",
      { ttl },
      token,
    );
    keepExpiry(opened.id, id, deployment.expiresInMs);
    expiryNotice.value = "Extend by 5 minutes";
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) keepExpiry(opened.id, id, 0);
    else notify(error instanceof Error ? error.message : String(error), "error");
  }
}

function keepExpiry(projectId: string, id: string, expiresInMs: number | null): void {
  const current = project.peek()?.live;
  if (current == null || current.id !== id) return;
  setLive(projectId, { ...current, expiresAtMs: expiryAfter(expiresInMs) });
}

/**
 * When what has so many milliseconds left will end. Sets the clock, which would show up to a second more than
 * is left.
 */
export function expiryAfter(expiresInMs: number | null): number | null {
  nowMs.value = Date.now();
  return expiresInMs === null ? null : nowMs.peek() + expiresInMs;
}

/** `4:05`, `2 h 10 min`, `no end`. */
export function formatLeft(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return "no end";
  const seconds = Math.ceil(ms / SECOND_MS);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48
    ? `${hours} h ${Math.floor((seconds % 3600) / 60)} min`
    : `${Math.floor(hours / 24)} days`;
}
