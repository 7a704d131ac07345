// `terrarium open`: a deployment or an app in the default browser.
import type { DeploymentAnswer } from "../../api/index.ts";
import { clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { openInBrowser } from "../open-in-browser.ts";
import type { ServerOptions } from "../server-address.ts";

/** The command. */
export const command: CommandModule = {
  summary: "open a deployment or an app in a browser",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command).argument("<id>", "name or URL of the deployment or the app").action(act(run));
  },
};

async function run(context: CommandContext, target: string, options: ServerOptions): Promise<void> {
  const { id, path } = deploymentPath(target);
  const { deployment } = await clientForDeployment(context, options, id).json<DeploymentAnswer>(path);
  const url = deployment.app?.name === id ? deployment.app.url : deployment.url;
  context.terminal.printJson({ url });
  context.terminal.print(url);
  openInBrowser(url);
}
