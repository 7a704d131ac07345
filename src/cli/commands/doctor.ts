// `terrarium doctor`: checks whether this machine has what the platform needs, names the command that fixes
// each problem, and with `--fix` runs those that need no privileges.
import type { CommandContext, CommandModule } from "../command.ts";
import { EXIT } from "../../errors/index.ts";
import { runChecks } from "../doctor/checks.ts";

const MARKS = { ok: "✓", warning: "!", failure: "✗" } as const;
const COLORS = { ok: "green", warning: "yellow", failure: "red" } as const;

/** The command. */
export const command: CommandModule = {
  summary: "check this machine, and fix what it can",
  group: "Platform",
  configure(command, act) {
    command
      .option("--fix", "fix what needs no privileges")
      .option("--data <dir>", "data directory to check")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  options: { readonly fix?: boolean; readonly data?: string },
): Promise<void> {
  const { terminal } = context;
  const findings = await runChecks(context, options.data, options.fix === true);
  terminal.printJson(findings);
  for (const { name, state, text, fix } of findings) {
    terminal.print(`${terminal.style(COLORS[state], MARKS[state])} ${name.padEnd(22)} ${text}`);
    if (state !== "ok" && fix !== null) terminal.print(`  ${"".padEnd(22)} fix: ${fix}`);
  }
  if (findings.some(({ state }) => state === "failure")) process.exitCode = EXIT.failed;
}
