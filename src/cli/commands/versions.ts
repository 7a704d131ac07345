// `terrarium versions APP`: the versions of an app, newest first.
import type { DeploymentView, VersionList } from "../../api/index.ts";
import { appPath, clientForDeployment, withServerOptions } from "../client.ts";
import { clockText } from "../clock.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { timeLeft } from "../deployment-text.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "list the versions of an app, newest first",
  group: "Apps",
  configure(command, act) {
    withServerOptions(command).argument("<app>", "name or URL of the app").action(act(run));
  },
};

async function run(context: CommandContext, target: string, options: ServerOptions): Promise<void> {
  const { terminal } = context;
  const { name, path } = appPath(target);
  const { app, versions } = await clientForDeployment(context, options, name).json<VersionList>(
    `${path}/versions`,
  );
  terminal.printJson({ app, versions });
  if (versions.length === 0) return terminal.notice(`App "${name}" has no versions`);
  const row = (version: DeploymentView): string[] => [
    version.id === app.currentId ? "*" : "",
    String(version.app?.version ?? ""),
    version.id,
    version.phase,
    clockText(Date.parse(version.createdAt)),
    timeLeft(version),
  ];
  terminal.table(["", "VERSION", "ID", "PHASE", "DEPLOYED", "LEFT"], versions.map(row));
}
