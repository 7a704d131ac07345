// What an edge does when its supervisor is killed: it serves on until the next supervisor has edges of its
// own.
import { request } from "node:http";

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

function isReady(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/internal/ready", agent: false, timeout: ASK_EVERY_MS });
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.on("close", () => resolve(false));
    asked.end();
  });
}
