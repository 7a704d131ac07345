// `terrarium rollback APP [ID]`: goes back to the version that was current before.
import type { AppAnswer } from "../../api/index.ts";
import { appPath, clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "go back to an earlier version of an app",
  group: "Apps",
  configure(command, act) {
    withServerOptions(command)
      .argument("<app>", "name or URL of the app")
      .argument("[id]", "name or URL of the version (default: the previously current one)")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  target: string,
  version: string | undefined,
  options: ServerOptions,
): Promise<void> {
  const { name, path } = appPath(target);
  const request = {
    method: "POST",
    body: JSON.stringify(version === undefined ? {} : { id: deploymentPath(version).id }),
    headers: { "content-type": "application/json" },
  };
  const { app } = await clientForDeployment(context, options, name).json<AppAnswer>(
    `${path}/rollback`,
    request,
  );
  context.terminal.printJson(app);
  context.terminal.print(`${app.url} answers with ${app.currentId ?? "no version"}`);
}
