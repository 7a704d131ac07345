// The live log of the deployment: followed by one stream that comes back after a break and says what it
// missed.
import { effect, signal } from "@preact/signals";
import { ApiError } from "../api/client.ts";
import { callLines } from "../api/lines.ts";
import type { LogEventView, LogStreamEvent } from "../../../src/api/index.ts";
import { expired, live } from "../deploy/lifetime.ts";

const MAX_KEPT = 2000;
const AGAIN_AFTER_MS = 1500;

/** Lines kept, oldest first. */
export const logLines = signal<readonly LogEventView[]>([]);
/** Events that were dropped before they could be read. */
export const logDropped = signal(0);
export const logState = signal<"idle" | "following" | "waiting" | "gone">("idle");

/** Follows the log of whichever deployment is live. To be called once. */
export function startLog(): void {
  let followed: string | null = null;
  let abort = new AbortController();
  effect(() => {
    const current = live.value;
    const id = current === null || expired.value ? null : current.id;
    if (id === followed) return;
    if (id !== null || current === null) {
      logLines.value = [];
      logDropped.value = 0;
    }
    followed = id;
    abort.abort();
    abort = new AbortController();
    if (current === null || id === null) logState.value = current === null ? "idle" : "gone";
    else void follow(current.id, current.token, abort.signal);
  });
}

async function follow(id: string, token: string, signal: AbortSignal): Promise<void> {
  let after = 0;
  while (!signal.aborted) {
    try {
      logState.value = "following";
      for await (const event of callLines<LogStreamEvent>(
        `/deployments/${id}/logs?follow=1${after === 0 ? "" : `&after=${after}`}`,
        { token, signal },
      )) {
        if ("gone" in event) return void (logState.value = "gone");
        if ("dropped" in event) logDropped.value += event.dropped;
        else {
          after = event.offset;
          logLines.value = [...logLines.peek().slice(1 - MAX_KEPT), event];
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 404) return void (logState.value = "gone");
    }
    if (signal.aborted) return;
    logState.value = "waiting";
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}
