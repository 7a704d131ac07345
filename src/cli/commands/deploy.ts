// `terrarium deploy`: packs the project, sends it, shows each phase with its time, prints the live URL.
import { LANGUAGE_CHOICE } from "../../languages/index.ts";
import { writeArchive } from "../../project/write-archive.ts";
import type { DeployEventView } from "../../api/index.ts";
import { fromProblem, TerrariumError } from "../../errors/index.ts";
import { readManifest } from "../../builder/manifest.ts";
import type { ProjectFiles } from "../../project/files.ts";
import { clientFor, clientForDeployment, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { openInBrowser } from "../open-in-browser.ts";
import { onInterrupt } from "../deploy-interrupt.ts";
import { ProgressView } from "../progress-view.ts";
import { readProject } from "../project-files.ts";
import type { ServerOptions } from "../server-address.ts";
import { rememberAppToken, rememberToken } from "../tokens.ts";
import { usage } from "../usage-error.ts";

interface DeployOptions extends ServerOptions {
  readonly ttl?: string;
  readonly name?: string;
  readonly lang?: string;
  readonly flag?: readonly string[];
  readonly app?: string;
  readonly preview?: boolean;
  readonly open?: boolean;
}

/** The command. */
export const command: CommandModule = {
  summary: "deploy a project and print its URL",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command)
      .argument("[path]", "folder of the project, or a .wasm or .wat file", ".")
      .option(
        "--ttl <duration>",
        "time to live: 90s, 5m, 2h, never (default: the project's, then the server's)",
      )
      .option("--app <name>", "deploy as a new version of this app, which keeps its address and store")
      .option("--preview", "deploy the version without making it current")
      .option("--name <name>", "display name of the deployment")
      .option("--lang <language>", `${LANGUAGE_CHOICE} (default: guessed from the files)`)
      .option("--flag <flag...>", "extra compiler flag; may be repeated")
      .option("--open", "open the URL in a browser")
      .action(act(run));
  },
};

async function run(context: CommandContext, path: string, options: DeployOptions): Promise<void> {
  const { terminal, environment } = context;
  const files = await readProject(context, path);
  const archive = writeArchive(files);
  const app = options.app ?? appOf(files);
  if (options.preview === true && app === undefined)
    throw usage("--preview needs an app", "Name one with --app, or with `app` in terrarium.toml");
  const client = app === undefined ? clientFor(context, options) : clientForDeployment(context, options, app);
  const request = { method: "POST", body: archive, headers: { "content-type": "application/x-tar" } };
  const timings: Record<string, number> = {};
  const view = new ProgressView(terminal);
  let token = "";
  const interrupt = onInterrupt(terminal);
  terminal.waitFor(`Sending the project to ${client.address.base.host}`);
  for await (const event of client.lines<DeployEventView>(
    `/api/v1/deployments?${query(options, app)}`,
    request,
  )) {
    view.show(event);
    if (event.event === "accepted") {
      interrupt.accepted(event.id);
      token = event.token;
      rememberToken(environment, client.address.base, event.id, token);
    } else if (event.event === "phase-end") timings[event.phase] = (timings[event.phase] ?? 0) + event.ms;
    else if (event.event === "failed")
      throw fromProblem({
        ...event.problem,
        ...(view.hasOutput && event.problem.code === "TER_BUILD_FAILED" ? { title: "Build failed" } : {}),
        details: { ...event.problem.details, id: event.deployment.id },
      });
    else if (event.event === "live") {
      const { app: versionOf } = event.deployment;
      if (versionOf !== null && client.address.token === undefined)
        rememberAppToken(environment, client.address.base, versionOf.name, token);
      const url = versionOf === null || options.preview === true ? event.deployment.url : versionOf.url;
      terminal.printJson({ ...event.deployment, token, timings, totalMs: event.atMs });
      terminal.print(url);
      if (options.open === true) openInBrowser(url);
      return;
    }
  }
  throw new TerrariumError("TER_CUT_OFF");
}

/** The app that the project file names. The server says what is wrong with an invalid file. */
function appOf(files: ProjectFiles): string | undefined {
  try {
    return readManifest(files).app;
  } catch {
    return undefined;
  }
}

function query(options: DeployOptions, app: string | undefined): string {
  const query = new URLSearchParams();
  if (app !== undefined) query.set("app", app);
  if (options.preview === true) query.set("preview", "true");
  if (options.ttl !== undefined) query.set("ttl", options.ttl);
  if (options.name !== undefined) query.set("name", options.name);
  if (options.lang !== undefined) query.set("language", options.lang);
  for (const flag of options.flag ?? []) query.append("flag", flag);
  return query.toString();
}
