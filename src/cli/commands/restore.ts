// `terrarium restore`: a data directory out of a backup, every digest verified.
import { resolve } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { restoreDataDirectory } from "../../store/index.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { onUserPath, requireFile } from "../user-path.ts";
import { countingUp } from "../counting.ts";

/** The command. */
export const command: CommandModule = {
  summary: "restore a backup into a new data directory, and verify it",
  group: "Platform",
  configure(command, act) {
    command
      .argument("<file>", "a file that `terrarium backup` wrote")
      .option("--data <dir>", "new or empty folder to restore into")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  file: string,
  options: { readonly data?: string },
): Promise<void> {
  const { dataDir } = loadConfig({ data: options.data }, context.environment, context.cwd);
  const counting = countingUp(context.terminal, "files restored");
  const from = resolve(context.cwd, file);
  await onUserPath("restore", file, () => requireFile(file, from));
  const { files } = await onUserPath("restore into", dataDir, () =>
    restoreDataDirectory(from, dataDir, counting),
  );
  context.terminal.printJson({ dataDir, files });
  context.terminal.print(`${dataDir}: ${files} files restored and verified`);
}
