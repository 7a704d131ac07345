// `terrarium completions`: a script for bash, zsh or fish that completes commands.
import type { CommandContext, CommandModule } from "../command.ts";
import { usage } from "../failure.ts";

const COMMANDS =
  "serve new templates build check deploy list show extend " +
  "delete logs kv limits doctor completions version help";
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `complete -W "${COMMANDS}" -o default terrarium`,
  zsh: `#compdef terrarium\n_arguments '1:command:(${COMMANDS})' '*:file:_files'`,
  fish: `complete -c terrarium -n __fish_use_subcommand -f -a "${COMMANDS}"`,
};

/** The command. */
export const completions: CommandModule = {
  configure(command, act) {
    command.argument("<shell>", "bash, zsh or fish").action(act(run));
  },
};

async function run({ terminal }: CommandContext, shell: string): Promise<void> {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) throw usage(`There is no script for ${shell}; there are bash, zsh and fish`);
  terminal.printJson({ shell, script });
  terminal.print(script);
}
