// `terrarium delete ID…`: deletes deployments with their stores, assets and logs.
import type { DeploymentList } from "../../api/index.ts";
import { clientFor, clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { usage } from "../usage-error.ts";
import { confirm } from "../prompts.ts";
import type { ServerOptions } from "../server-address.ts";

interface DeleteOptions extends ServerOptions {
  readonly all?: boolean;
}

/** The command. */
export const command: CommandModule = {
  summary: "delete deployments",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command)
      .argument("[ids...]", "names or URLs of deployments")
      .option("--all", "all deployments of the server")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  targets: readonly string[],
  options: DeleteOptions,
): Promise<void> {
  if (targets.length === 0 && options.all !== true)
    throw usage("No deployment was named", "Name deployments, or use --all");
  const { terminal } = context;
  const ids =
    options.all === true
      ? await everything(context, options)
      : targets.map((target) => deploymentPath(target).id);
  const isAgreed =
    options.all !== true ||
    ids.length === 0 ||
    (await confirm(context, `Delete all ${ids.length} deployments?`, "--yes"));
  if (!isAgreed) return terminal.notice("Nothing was deleted");
  for (const id of ids) {
    await clientForDeployment(context, options, id).bytes(deploymentPath(id).path, { method: "DELETE" });
    terminal.notice(`Deleted ${id}`);
  }
  terminal.printJson({ deleted: ids });
}

async function everything(context: CommandContext, options: ServerOptions): Promise<string[]> {
  const { deployments } = await clientFor(context, options).json<DeploymentList>("/api/v1/deployments");
  return deployments.map(({ id }) => id);
}
