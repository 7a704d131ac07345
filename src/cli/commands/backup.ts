// `terrarium backup`: a consistent copy of the data directory in one file, also while a server runs on it.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { backUpDataDirectory } from "../../store/index.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { onUserPath, requireFile } from "../user-path.ts";
import { countingUp } from "../counting.ts";

/** The command. */
export const command: CommandModule = {
  summary: "copy the data directory into one file, even while the server runs",
  group: "Platform",
  configure(command, act) {
    command
      .argument("<file>", "backup to write; it contains private keys, so keep it safe")
      .option("--data <dir>", "data directory to copy")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  file: string,
  options: { readonly data?: string },
): Promise<void> {
  const { dataDir } = loadConfig({ data: options.data }, context.environment, context.cwd);
  const path = resolve(context.cwd, file);
  const counting = countingUp(context.terminal, "deployments copied");
  const report = await onUserPath("write the backup to", file, () => {
    if (existsSync(path)) requireFile(file, path);
    return backUpDataDirectory(dataDir, path, counting);
  });
  context.terminal.printJson({ file: path, dataDir, ...report });
  context.terminal.print(`${path}: ${report.deployments} deployments in ${report.files} files`);
}
