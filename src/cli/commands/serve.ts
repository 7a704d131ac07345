// `terrarium serve`: the supervisor's process. The launcher is its parent: signals come from there as
// messages.
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { flushCompileCache } from "node:module";
import type { CommandContext, CommandModule } from "../command.ts";
import { makeFolder } from "../../config/make-folder.ts";
import { onUserPath } from "../user-path.ts";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/index.ts";
import { SETTINGS } from "../../config/schema.ts";
import { createLog } from "../../control/supervisor/log.ts";
import { startSupervisor, type Supervisor } from "../../control/supervisor/supervisor.ts";
import { asTerrariumError, EXIT } from "../../errors/index.ts";
import { readyEvent, readyText } from "../ready-text.ts";
import { deployWelcome } from "../welcome.ts";

/** Exits after which the launcher starts a new supervisor; it reports the first one. */
const EXIT_CRASHED = 70;
const EXIT_RELOADING = 75;

/** After a failed start: time to say why. */
const FAILED_MS = 200;

/** By now everything a successor needs is loaded, and whoever waited for the platform has it. */
const COMPILED_MS = 2000;

type ServeOptions = Readonly<Record<string, string | string[] | boolean | undefined>>;

/** The command. */
export const command: CommandModule = {
  summary: "run the platform",
  group: "Platform",
  configure(command, act) {
    for (const { name, placeholder, summary, repeatable } of SETTINGS) {
      const value = repeatable === true ? placeholder?.replace(">", "...>") : placeholder;
      command.option(`--${name}${value == null ? "" : ` ${value}`}`, summary);
    }
    command
      .option("--config <file>", "TOML file of settings")
      .option("--welcome", "deploy the welcome program and print its URL")
      .action(act(run));
  },
};

async function run(context: CommandContext, options: ServeOptions): Promise<void> {
  const readConfig = () => loadConfig(flagsOf(options), context.environment, context.cwd);
  const config = readConfig();
  const log = createLog(config.logLevel, process.stderr.isTTY && !context.terminal.json);
  const asked = listenForStop();
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error) => {
      log.fatal({ err: error }, "Supervisor failed");
      process.exit(EXIT_CRASHED);
    });
  }
  const reload = Promise.withResolvers<void>();
  const host = { log, path: context.environment.path, readConfig, onReload: () => reload.resolve() };
  const supervisor = await start(config, host).catch((error: unknown) => {
    // A start that failed half-way must end, whatever it left open: the launcher waits for the exit.
    setTimeout(() => process.exit(), FAILED_MS);
    throw error;
  });
  process.send?.({ kind: "ready", graceMs: config.graceMs });
  await announce(context, config, supervisor, options["welcome"] === true);
  // Node writes its compile cache only when a process exits normally. After a kill, the successor would have
  // to compile everything again.
  setTimeout(flushCompileCache, COMPILED_MS).unref();
  await Promise.race([asked.stop, reload.promise.then(() => makeWay(supervisor))]);
  context.terminal.notice("Shutting down; press Ctrl-C again to force");
  void asked.force.then(() => {
    supervisor.kill();
    process.exit(EXIT.interrupted);
  });
  await supervisor.stop();
  process.exit(EXIT.ok);
}

/** Ends this process for a successor. */
async function makeWay(supervisor: Supervisor): Promise<never> {
  await supervisor.leave();
  process.exit(EXIT_RELOADING);
}

async function start(config: Config, host: Parameters<typeof startSupervisor>[1]): Promise<Supervisor> {
  await onUserPath("use the data directory", config.dataDir, () => {
    makeFolder(config.dataDir, 0o700);
    accessSync(config.dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  });
  return await startSupervisor(config, host);
}

async function announce(
  context: CommandContext,
  config: Config,
  supervisor: Supervisor,
  withWelcome: boolean,
): Promise<void> {
  // Counted from the start of this process, because people also wait for the runtime to start.
  const readyMs = Math.round(performance.now());
  context.terminal.printJson(readyEvent(config, supervisor.ports, readyMs));
  context.terminal.print(readyText(config, supervisor, readyMs));
  if (!withWelcome) return;
  try {
    const welcome = await deployWelcome(supervisor.platform);
    context.terminal.printJson({ event: "welcome", ...welcome });
    context.terminal.print(`  welcome   ${welcome.url}  (first answer ${welcome.atMs} ms after start)\n`);
  } catch (error) {
    context.terminal.notice(`Cannot deploy the welcome program: ${asTerrariumError(error).text}`);
  }
}

/** Commander turns `--listen-tls` into `listenTls`; the schema uses the flag's spelling. */
function flagsOf(options: ServeOptions): Record<string, string | string[] | boolean> {
  const names = [...SETTINGS.map(({ name }) => name), "config"];
  const entries = names.map((name) => [
    name,
    options[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())],
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<
    string,
    string | string[] | boolean
  >;
}

interface Asked {
  readonly stop: Promise<void>;
  readonly force: Promise<void>;
}

/** A stop comes from the launcher, from a signal to this process, or from the launcher's death. */
function listenForStop(): Asked {
  const stop = Promise.withResolvers<void>();
  const force = Promise.withResolvers<void>();
  let asks = 0;
  const ask = () => (++asks === 1 ? stop.resolve() : force.resolve());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  process.on("message", (message: { kind?: string }) => {
    if (message.kind === "ping") process.send?.({ kind: "pong" }, () => undefined);
    if (message.kind === "stop") stop.resolve();
    if (message.kind === "force") {
      stop.resolve();
      force.resolve();
    }
  });
  if (process.send !== undefined) void once(process, "disconnect").then(() => stop.resolve());
  return { stop: stop.promise, force: force.promise };
}
