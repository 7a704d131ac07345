// The program behind `terrarium`. Loads only the requested command; help loads them all.
import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { readEnvironment } from "../config/environment.ts";
import { type Act, COMMAND_GROUPS } from "./command.ts";
import { commandNames, loadCommand } from "./command-list.ts";
import { asTerrariumError, EXIT, toWire } from "../errors/index.ts";
import { type GlobalOptions, Terminal } from "./terminal.ts";

const environment = readEnvironment();
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const program = createProgram();
  const act: Act =
    (action) =>
    async (...actionArgs) => {
      const options = program.opts<GlobalOptions>();
      const cwd = resolve(options.C ?? ".");
      await action(
        { terminal: new Terminal(options, environment), environment, options, cwd },
        ...actionArgs,
      );
    };
  await addCommands(program, args, act);
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (cause) {
    return report(cause, program);
  }
}

/** Adds the requested command, or all of them in the order of their groups. */
async function addCommands(program: Command, args: readonly string[], act: Act): Promise<void> {
  const asked = args.find((word, index) => !word.startsWith("-") && args[index - 1] !== "-C");
  const names = commandNames();
  const needed = asked !== undefined && names.includes(asked) ? [asked] : names;
  const modules = await Promise.all(needed.map(async (name) => ({ name, ...(await loadCommand(name)) })));
  for (const group of COMMAND_GROUPS)
    for (const { name, summary, configure } of modules.filter((module) => module.group === group)) {
      const command = program.command(name).summary(summary).helpGroup(`${group}:`).exitOverride();
      configure(command.description(summary[0]?.toUpperCase() + summary.slice(1)), act);
    }
}

function createProgram(): Command {
  return new Command("terrarium")
    .description("Self-hosted edge compute: deploy small WebAssembly programs in seconds")
    .option("-C <dir>", "act as if started in this folder")
    .option("-y, --yes", "never ask; take the default")
    .option("-q, --quiet", "say only what was asked for, and errors")
    .option("-v, --verbose", "say more")
    .option("--json", "print data as JSON on stdout, and nothing else there")
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .commandsGroup("This program:")
    .helpCommand("help [command]", "show how a command is used")
    .exitOverride();
}

/** Prints what went wrong; returns the exit code. */
function report(cause: unknown, program: Command): number {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const error = asTerrariumError(cause);
  const terminal = new Terminal(program.opts<GlobalOptions>(), environment);
  terminal.printJson({ error: { ...toWire(error), exitCode: error.exitCode } });
  terminal.failure(error);
  return error.exitCode;
}
