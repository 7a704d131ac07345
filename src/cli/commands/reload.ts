// `terrarium reload`: a server starts anew with the code, settings and certificates of now, without a failed
// request.
import type { ServerInfo } from "../../api/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { ApiClient } from "../api-client.ts";
import { clientFor, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import type { ServerOptions } from "../server-address.ts";

/** Longer than deploys under way may take to finish. */
const DONE_WITHIN_MS = 120_000;
const ASK_EVERY_MS = 100;

/** The command. */
export const command: CommandModule = {
  summary: "restart the server without failing a request, with new code, settings and certificates",
  group: "Platform",
  configure(command, act) {
    withServerOptions(command).action(act(run));
  },
};

async function run(context: CommandContext, options: ServerOptions): Promise<void> {
  const client = clientFor(context, options);
  const { startedAt } = await client.json<{ startedAt: string }>("/api/v1/server/reload", { method: "POST" });
  const server = await successor(client, startedAt);
  context.terminal.printJson(server);
  context.terminal.print(`Reloaded: version ${server.version} is serving`);
}

/** Waits for a supervisor that started after `startedAt`. */
async function successor(client: ApiClient, startedAt: string): Promise<ServerInfo> {
  const deadline = performance.now() + DONE_WITHIN_MS;
  for (;;) {
    const server = await client.json<ServerInfo>("/api/v1/server").catch((error: unknown) => {
      if (performance.now() > deadline) throw error;
    });
    if (server !== undefined && server.startedAt !== startedAt) return server;
    if (performance.now() > deadline)
      throw new TerrariumError("TER_RELOAD_LATE", { seconds: DONE_WITHIN_MS / 1000 });
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
