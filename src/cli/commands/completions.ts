// `terrarium completions`: a script for bash, zsh or fish that completes commands.
import { commandNames } from "../command-list.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { usage } from "../usage-error.ts";

/** The script of a shell, given the names of all commands. */
const SCRIPTS: Readonly<Record<string, (names: string) => string>> = {
  bash: (names) => `complete -W "${names}" -o default terrarium`,
  zsh: (names) => `#compdef terrarium\n_arguments '1:command:(${names})' '*:file:_files'`,
  fish: (names) => `complete -c terrarium -n __fish_use_subcommand -f -a "${names}"`,
};

/** The command. */
export const command: CommandModule = {
  summary: "print a completion script for a shell",
  group: "This program",
  configure(command, act) {
    command.argument("<shell>", "bash, zsh or fish").action(act(run));
  },
};

async function run({ terminal }: CommandContext, shell: string): Promise<void> {
  const scriptOf = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (scriptOf === undefined)
    throw usage(`Shell "${shell}" has no completion script`, "Choose bash, zsh or fish");
  const script = scriptOf([...commandNames(), "help"].join(" "));
  terminal.printJson({ shell, script });
  terminal.print(script);
}
