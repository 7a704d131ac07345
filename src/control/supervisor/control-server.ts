// The control API's listener: a Unix socket in a folder that only its owner can enter. Edges pass on what
// comes for the bare domain, in messages of the platform's own framing.
import { rmSync } from "node:fs";
import { once } from "node:events";
import { createMessageServer } from "../../edge/transport/server.ts";
import { answerPassed, type Fetch } from "../api/passed-request.ts";

/** The open listener. */
export interface ControlServer {
  /** Stops accepting; responses in flight get until the deadline. */
  close(graceMs: number): Promise<void>;
}

/** Listens on the path, which nobody else uses: the caller holds the data directory's lock. */
export async function listenControl(fetch: Fetch, path: string): Promise<ControlServer> {
  rmSync(path, { force: true });
  const { server, destroy } = createMessageServer((request) => void answerPassed(fetch, request));
  server.listen(path);
  await once(server, "listening");
  return {
    async close(graceMs) {
      const closed = once(server, "close");
      server.close();
      const timer = setTimeout(destroy, graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
