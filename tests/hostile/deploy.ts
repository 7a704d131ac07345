// Deploys sources as a client of 2019 did: no process of a command per program.
import { archiveOf, type Sources } from "../e2e/programs.ts";
import type { Platform } from "../e2e/platform.ts";

/** Id of the deployment once it serves; throws with the platform's message if it never will. */
export async function deploySources(platform: Platform, sources: Sources): Promise<string> {
  const tar = Buffer.from(archiveOf(sources)).toString("base64");
  const body = JSON.stringify({ lang: "wasm", options: null, tar });
  const posted = await platform.ask("", "/deploy", {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const { id } = JSON.parse(posted.text) as { id: string };
  for (;;) {
    const { done, success, message } = await platform.api<{
      done: boolean;
      success: boolean;
      message: string;
    }>(`/status/${id}`);
    if (!success) throw new Error(message);
    if (done) return id;
  }
}
