// The program behind `terrarium`. Knows the names of all commands and loads only the one that was asked for.
import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { readEnvironment } from "../config/environment.ts";
import type { Act, CommandModule } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { asFailure } from "./failure.ts";
import { type GlobalOptions, Terminal } from "./terminal.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Every command, in the order of `--help`. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  serve: { summary: "run the platform", load: async () => (await import("./commands/serve.ts")).serve },
  new: {
    summary: "make a project from a template",
    load: async () => (await import("./commands/new.ts")).newProject,
  },
  templates: {
    summary: "list the templates",
    load: async () => (await import("./commands/templates.ts")).templates,
  },
  build: {
    summary: "build a project here, without deploying it",
    load: async () => (await import("./commands/build.ts")).build,
  },
  check: {
    summary: "show what a module imports, exports and needs",
    load: async () => (await import("./commands/check.ts")).check,
  },
  deploy: {
    summary: "deploy a project and print its URL",
    load: async () => (await import("./commands/deploy.ts")).deploy,
  },
  list: { summary: "list deployments", load: async () => (await import("./commands/list.ts")).list },
  show: { summary: "show a deployment", load: async () => (await import("./commands/show.ts")).show },
  extend: {
    summary: "set a deployment's time to live, from now",
    load: async () => (await import("./commands/extend.ts")).extend,
  },
  delete: { summary: "delete deployments", load: async () => (await import("./commands/delete.ts")).remove },
  logs: { summary: "read a deployment's log", load: async () => (await import("./commands/logs.ts")).logs },
  kv: {
    summary: "read and change a deployment's store",
    load: async () => (await import("./commands/kv.ts")).kv,
  },
  limits: {
    summary: "show the limits in force",
    load: async () => (await import("./commands/limits.ts")).limits,
  },
  doctor: {
    summary: "check this machine, and fix what can be fixed",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  completions: {
    summary: "print a script that completes commands in a shell",
    load: async () => (await import("./commands/completions.ts")).completions,
  },
  version: {
    summary: "print the version",
    load: async () => (await import("./commands/version.ts")).version,
  },
};

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
  const asked = args.find((word, index) => !word.startsWith("-") && args[index - 1] !== "-C");
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = program
      .command(name)
      .summary(summary)
      .description(summary[0]?.toUpperCase() + summary.slice(1))
      .exitOverride();
    if (name === asked || (asked === "help" && args.includes(name))) (await load()).configure(command, act);
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (cause) {
    return report(cause, program);
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
    .helpCommand("help [command]", "show how a command is used")
    .exitOverride();
}

/** Says what went wrong; returns the exit code. */
function report(cause: unknown, program: Command): number {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const failure = asFailure(cause);
  const terminal = new Terminal(program.opts<GlobalOptions>(), environment);
  terminal.printJson({ error: { code: failure.code, message: failure.message, details: failure.details } });
  terminal.error(failure.message);
  return failure.exitCode;
}
