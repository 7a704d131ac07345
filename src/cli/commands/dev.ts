// `terrarium dev`: a platform for one project, in this process and its children. Builds after each change and
// switches the app to the new version.
import { basename, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { manifestSchema, readManifest } from "../../builder/manifest.ts";
import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/load.ts";
import { makeFolder } from "../../config/make-folder.ts";
import { schemaMessage } from "../../config/schema-problem.ts";
import { urlsOf } from "../../control/deployments/urls.ts";
import { createLog } from "../../control/supervisor/log.ts";
import { startSupervisor, type Supervisor } from "../../control/supervisor/supervisor.ts";
import { asTerrariumError, EXIT, toWire } from "../../errors/index.ts";
import { readFolder } from "../../project/read-folder.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { type SavedProject, savedProjects } from "../dev/saved-projects.ts";
import { withoutOutput } from "../local-build.ts";
import { usage } from "../usage-error.ts";
import { onUserPath } from "../user-path.ts";

interface DevOptions {
  readonly app?: string;
  readonly listen?: string;
  readonly data?: string;
}

const ADDRESS = "127.0.0.1:8080";
/** Stands in for names of folders that no app can have. */
const DEFAULT_APP = "dev-app";
const EXIT_CRASHED = 70;

/** The command. */
export const command: CommandModule = {
  summary: "run a project, and rebuild it whenever it changes",
  group: "Projects",
  configure(command, act) {
    command
      .argument("[path]", "folder of the project", ".")
      .option(
        "--app <name>",
        "app name, the first part of the address (default: from terrarium.toml, else the folder's name)",
      )
      .option("--listen <host:port>", `address for HTTP (default: ${ADDRESS}, or a free port)`)
      .option("--data <dir>", "folder for the store (default: .terrarium in the project)")
      .action(act(run));
  },
};

async function run(context: CommandContext, path: string, options: DevOptions): Promise<void> {
  const folder = resolve(context.cwd, path);
  const app = options.app ?? (await onUserPath("read", path, () => appOf(folder)));
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  const supervisor = await start(context, join(folder, ".terrarium"), options);
  const { config, ports } = supervisor.platform;
  const url = urlsOf(config, ports, app).url;
  context.terminal.printJson({ event: "ready", url, httpPort: ports.httpPort });
  context.terminal.print(`${url}\nRebuilds when a file changes. Ctrl-C ends it.`);
  for await (const saved of savedProjects(folder, context.terminal, stop.signal))
    await deploy(context, supervisor, saved, app);
  await supervisor.stop();
  process.exit(EXIT.ok);
}

/** The name in the project file, else that of the folder as far as an app can have it. */
async function appOf(folder: string): Promise<string> {
  const files = await readFolder(folder);
  try {
    const { app } = readManifest(files);
    if (app !== undefined) return app;
  } catch {
    // The build says what is wrong with the project file.
  }
  const name = basename(folder).toLowerCase();
  return /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(name) ? name : DEFAULT_APP;
}

/** Throws TER_USAGE if `.env` has what cannot be a setting. */
function settingsOf(env: string): Record<string, string> {
  const settings = Object.fromEntries(
    Object.entries(parseEnv(env)).map(([name, value]) => [name, value ?? ""]),
  );
  const checked = manifestSchema.safeParse({ settings }, { error: schemaMessage });
  if (checked.success) return settings;
  const { path = [], message } = checked.error.issues[0] ?? { message: "it is not valid" };
  throw usage(`Cannot use .env: "${path.slice(1).join(".")}" ${message}`, "Correct .env");
}

/** Without `--listen`, a free port if the usual one is taken. */
async function start(context: CommandContext, home: string, options: DevOptions): Promise<Supervisor> {
  const flags = { tls: "off", edges: "1", quotas: "off", "log-level": "warn", data: options.data ?? home };
  const read = (listen: string) => loadConfig({ ...flags, listen }, context.environment, context.cwd);
  const config = read(options.listen ?? ADDRESS);
  await onUserPath("use the data directory", config.dataDir, () => makeFolder(config.dataDir, 0o700));
  try {
    return await startWith(context, config);
  } catch (error) {
    if (options.listen !== undefined || asTerrariumError(error).code !== "TER_CANNOT_LISTEN") throw error;
    return await startWith(context, read("127.0.0.1:0"));
  }
}

async function startWith(context: CommandContext, config: Config): Promise<Supervisor> {
  const log = createLog(config.logLevel, process.stderr.isTTY && !context.terminal.json);
  const { path } = context.environment;
  const supervisor = await startSupervisor(config, {
    log,
    path,
    readConfig: () => config,
    onReload: () => undefined,
  });
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    process.on(event, (error) => {
      log.fatal({ err: error }, "Supervisor failed");
      supervisor.kill();
      process.exit(EXIT_CRASHED);
    });
  return supervisor;
}

/** Says how it went. After a failure the version before keeps serving. */
async function deploy(
  { terminal }: CommandContext,
  { platform }: Supervisor,
  { archive, env }: SavedProject,
  app: string,
): Promise<void> {
  let hasOutput = false;
  try {
    const settings = settingsOf(env);
    const rest = { languageHint: null, flags: [], name: "", ttlMs: undefined, isPreview: false };
    const admitted = await platform.deployments.admit("127.0.0.1");
    const upload = { ...rest, archive, app, settings, mayChange: () => true };
    const { progress } = await platform.deployments.accept(upload, admitted);
    for await (const event of progress.events()) {
      if (event.event === "failed") throw event.error;
      if (event.event === "live") {
        terminal.printJson({ event: "live", id: event.record.id });
        terminal.notice(`${terminal.style("green", "live")} after ${Math.round(event.atMs)} ms`);
      } else if (event.event === "output") {
        hasOutput ||= event.text.trim() !== "";
        terminal.output(event.text);
      }
    }
  } catch (cause) {
    const error = asTerrariumError(hasOutput ? withoutOutput(cause) : cause);
    terminal.printJson({ event: "failed", error: toWire(error) });
    terminal.failure(error);
    terminal.notice("The last version that built keeps serving");
  }
}
