// `terrarium delete NAME…`: deletes deployments and apps with their stores, assets and logs.
import type { AppList, DeploymentList } from "../../api/index.ts";
import { appPath, clientFor, clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import { isDeploymentId } from "../../control/deployments/identity.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { usage } from "../usage-error.ts";
import { confirm } from "../prompts.ts";
import type { ServerOptions } from "../server-address.ts";

interface DeleteOptions extends ServerOptions {
  readonly all?: boolean;
}

/** The command. */
export const command: CommandModule = {
  summary: "delete deployments and apps",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command)
      .argument("[ids...]", "names or URLs of deployments or apps")
      .option("--all", "every deployment of the server except the current versions of apps")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  targets: readonly string[],
  options: DeleteOptions,
): Promise<void> {
  if (targets.length === 0 && options.all !== true)
    throw usage("No deployment was named", "Name deployments or apps, or use --all");
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
  const deleted: string[] = [];
  for (const id of ids) {
    const isApp = !isDeploymentId(id);
    if (isApp && !(await confirm(context, `Delete app "${id}" with its versions and its store?`, "--yes")))
      continue;
    const { path } = isApp ? appPath(id) : deploymentPath(id);
    await clientForDeployment(context, options, id).bytes(path, { method: "DELETE" });
    terminal.notice(`Deleted ${id}`);
    deleted.push(id);
  }
  if (deleted.length === 0 && ids.length > 0) terminal.notice("Nothing was deleted");
  terminal.printJson({ deleted });
}

async function everything(context: CommandContext, options: ServerOptions): Promise<string[]> {
  const { deployments } = await clientFor(context, options).json<DeploymentList>("/api/v1/deployments");
  const { apps } = await clientFor(context, options).json<AppList>("/api/v1/apps");
  const isCurrent = (id: string) => apps.some(({ currentId }) => currentId === id);
  return deployments.map(({ id }) => id).filter((id) => !isCurrent(id));
}
