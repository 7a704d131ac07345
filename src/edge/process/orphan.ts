// What an edge does when its supervisor is killed: it keeps serving until the next supervisor has its own
// edges.
import { ask } from "../transport/client.ts";

/** How often the control socket is asked. */
const ASK_EVERY_MS = 500;
/**
 * Without a successor the edge ends after this; so nothing is left behind by a platform that was killed as a
 * whole.
 */
const ORPHAN_MS = 30_000;

/** Resolves when a new supervisor says that its edges are ready, or after `ORPHAN_MS`. */
export async function awaitSuccessor(controlSocket: string, orphanMs = ORPHAN_MS): Promise<void> {
  const deadline = performance.now() + orphanMs;
  while (performance.now() < deadline) {
    if (await isReady(controlSocket)) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

async function isReady(socketPath: string): Promise<boolean> {
  try {
    await ask(socketPath, "GET", "/internal/ready", "", ASK_EVERY_MS);
    return true;
  } catch {
    return false;
  }
}
