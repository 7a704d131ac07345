// `terrarium promote APP ID`: makes a version the current one.
import type { AppAnswer } from "../../api/index.ts";
import { appPath, clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "make a version of an app current",
  group: "Apps",
  configure(command, act) {
    withServerOptions(command)
      .argument("<app>", "name or URL of the app")
      .argument("<id>", "name or URL of the version")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  target: string,
  version: string,
  options: ServerOptions,
): Promise<void> {
  const { name, path } = appPath(target);
  const { id } = deploymentPath(version);
  const request = {
    method: "POST",
    body: JSON.stringify({ id }),
    headers: { "content-type": "application/json" },
  };
  const { app } = await clientForDeployment(context, options, name).json<AppAnswer>(
    `${path}/promote`,
    request,
  );
  context.terminal.printJson(app);
  context.terminal.print(`${app.url} answers with ${app.currentId ?? "no version"}`);
}
