// `terrarium list`: all deployments of a server.
import type { DeploymentView, DeploymentList } from "../../api/index.ts";
import { clientFor, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { timeLeft } from "../deployment-text.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "list deployments",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command).action(act(run));
  },
};

async function run(context: CommandContext, options: ServerOptions): Promise<void> {
  const { terminal } = context;
  const { deployments } = await clientFor(context, options).json<DeploymentList>("/api/v1/deployments");
  terminal.printJson(deployments);
  if (deployments.length === 0)
    terminal.notice("Nothing is deployed. Deploy a project with `terrarium deploy`");
  else terminal.table(["ID", "NAME", "LANGUAGE", "PHASE", "LEFT"], deployments.map(row));
}

function row(deployment: DeploymentView): string[] {
  return [deployment.id, deployment.name, deployment.language ?? "", deployment.phase, timeLeft(deployment)];
}
