// The program behind `terrarium`. Loads only the requested command; help loads them all.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { terrariumVersion } from "../control/version.ts";
import { readEnvironment } from "../config/environment.ts";
import { type Act, COMMAND_GROUPS } from "./command.ts";
import { commandNames, loadCommand } from "./command-list.ts";
import { asTerrariumError, EXIT, type TerrariumError, toWire } from "../errors/index.ts";
import { nearest } from "../config/spelling.ts";
import { parserError } from "./parser-error.ts";
import { usage } from "./usage-error.ts";
import { notAFolder, onUserPath } from "./user-path.ts";
import { joinFlagValues } from "./flag-values.ts";
import { type GlobalOptions, Terminal } from "./terminal.ts";

const environment = readEnvironment();
process.exitCode = await main(joinFlagValues(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const program = createProgram();
  let terminal: Terminal | undefined;
  const act: Act =
    (action) =>
    async (...actionArgs) => {
      const options = program.opts<GlobalOptions>();
      const cwd = await folderOf(options.C ?? ".");
      terminal = new Terminal(options, environment);
      await action({ terminal, environment, options, cwd }, ...actionArgs);
    };
  try {
    await addCommands(program, args, act);
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    // Help and version are printed already; a command that lacks its subcommand has got its help.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    if (error instanceof CommanderError && error.code === "commander.help") return EXIT.usage;
    const cause = error instanceof CommanderError ? parserError(error, program, args) : error;
    return report(cause, terminal ?? new Terminal(program.opts<GlobalOptions>(), environment));
  }
}

/** The folder that a command acts in. Throws TER_PATH. */
async function folderOf(path: string): Promise<string> {
  const folder = resolve(path);
  await onUserPath("act in", path, () => {
    if (path !== "." && !statSync(folder).isDirectory()) throw notAFolder(path);
  });
  return folder;
}

/** Adds the requested command, or all of them in the order of their groups. */
async function addCommands(program: Command, args: readonly string[], act: Act): Promise<void> {
  const asked = args.find((word, index) => !word.startsWith("-") && args[index - 1] !== "-C");
  const names = commandNames();
  const named = asked === "help" ? args[args.indexOf(asked) + 1] : asked;
  if (named !== undefined && !named.startsWith("-") && ![...names, "help"].includes(named))
    throw unknownCommand(named, names);
  const needed = asked !== undefined && names.includes(asked) ? [asked] : names;
  const modules = await Promise.all(needed.map(async (name) => ({ name, ...(await loadCommand(name)) })));
  for (const group of COMMAND_GROUPS)
    for (const { name, summary, configure } of modules.filter((module) => module.group === group)) {
      const command = program.command(name).summary(summary).helpGroup(`${group}:`).exitOverride();
      configure(command.description(summary[0]?.toUpperCase() + summary.slice(1)), act);
    }
}

function unknownCommand(name: string, known: readonly string[]): TerrariumError {
  const near = nearest(name, known);
  const suggestion = near === undefined ? "" : `Did you mean "${near}"? `;
  return usage(`Command "${name}" does not exist`, `${suggestion}\`terrarium --help\` lists all commands`);
}

function createProgram(): Command {
  return new Command("terrarium")
    .description("Self-hosted edge compute: deploy small WebAssembly programs in seconds")
    .option("-C <dir>", "run in this folder")
    .option("-y, --yes", "never ask; use the defaults")
    .option("-q, --quiet", "print only results and errors")
    .option("-v, --verbose", "print more")
    .option("--json", "print JSON on stdout, and nothing else")
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .commandsGroup("This program:")
    .version(terrariumVersion(), "-V, --version", "print the version")
    .helpCommand("help [command]", "show help for a command")
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
}

/** Prints what went wrong; returns the exit code. */
function report(cause: unknown, terminal: Terminal): number {
  const error = asTerrariumError(cause);
  terminal.printJson({ error: { ...toWire(error), exitCode: error.exitCode } });
  terminal.failure(error);
  return error.exitCode;
}
