// `terrarium apps`: all apps of a server.
import type { AppList, AppView } from "../../api/index.ts";
import { clientFor, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "list apps",
  group: "Apps",
  configure(command, act) {
    withServerOptions(command).action(act(run));
  },
};

async function run(context: CommandContext, options: ServerOptions): Promise<void> {
  const { terminal } = context;
  const { apps } = await clientFor(context, options).json<AppList>("/api/v1/apps");
  terminal.printJson(apps);
  if (apps.length === 0) terminal.notice("There are no apps. Create one with `terrarium deploy --app NAME`");
  else terminal.table(["NAME", "CURRENT VERSION", "VERSIONS", "URL"], apps.map(row));
}

function row({ name, currentId, lastVersion, url }: AppView): string[] {
  return [name, currentId ?? "none", String(lastVersion), url];
}
