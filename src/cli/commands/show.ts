// `terrarium show ID`: one deployment.
import type { DeploymentAnswer } from "../../api/index.ts";
import { clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { describeDeployment } from "../deployment-text.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "show a deployment",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command).argument("<id>", "name or URL of the deployment or the app").action(act(run));
  },
};

async function run(context: CommandContext, target: string, options: ServerOptions): Promise<void> {
  const { id, path } = deploymentPath(target);
  const { deployment } = await clientForDeployment(context, options, id).json<DeploymentAnswer>(path);
  context.terminal.printJson(deployment);
  context.terminal.print(describeDeployment(deployment));
}
