// `terrarium extend ID --ttl 2h`: sets a new time to live, from now.
import type { DeploymentAnswer } from "../../api/index.ts";
import { clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { timeLeft } from "../deployment-text.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "set a deployment's remaining time to live",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command)
      .argument("<id>", "name or URL of the deployment")
      .requiredOption("--ttl <duration>", "remaining time: 90s, 5m, 2h or never")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  target: string,
  options: ServerOptions & { readonly ttl: string },
): Promise<void> {
  const { id, path } = deploymentPath(target);
  const request = {
    method: "PATCH",
    body: JSON.stringify({ ttl: options.ttl }),
    headers: { "content-type": "application/json" },
  };
  const { deployment } = await clientForDeployment(context, options, id).json<DeploymentAnswer>(
    path,
    request,
  );
  context.terminal.printJson(deployment);
  context.terminal.print(`${deployment.id}: ${timeLeft(deployment)}`);
}
