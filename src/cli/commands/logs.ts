// `terrarium logs ID`: a deployment's log, and with `-f` new events as they arrive. A broken connection
// resumes at the offset where it ended.
import { Option } from "commander";
import { stripVTControlCharacters } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogEventView, LogPage, LogStreamEvent } from "../../api/index.ts";
import { clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { EXIT, TerrariumError } from "../../errors/index.ts";
import type { ServerOptions } from "../server-address.ts";
import { clockText } from "../clock.ts";
import type { Terminal } from "../terminal.ts";
import { usage } from "../usage-error.ts";

interface LogsOptions extends ServerOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly grep?: string;
  readonly source?: readonly LogEventView["source"][];
}

type Wanted = (line: LogEventView) => boolean;

const RECONNECT_AFTER_MS = 500;
const SOURCES: readonly LogEventView["source"][] = [
  "build",
  "debug",
  "stdout",
  "stderr",
  "fault",
  "platform",
];

/** The command. */
export const command: CommandModule = {
  summary: "show a deployment's log",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command)
      .argument("<id>", "name or URL of the deployment or the app")
      .option("-f, --follow", "keep printing events as they arrive")
      .option("--since <duration>", "show only events newer than this, such as 30s, 10m or 2h")
      .option("--grep <pattern>", "show only events whose text matches this regular expression")
      .addOption(new Option("--source <name...>", "show only events from these sources").choices(SOURCES))
      .action(act(run));
  },
};

async function run(context: CommandContext, target: string, options: LogsOptions): Promise<void> {
  const { terminal } = context;
  const { id, path } = deploymentPath(target);
  const client = clientForDeployment(context, options, id);
  const since = options.since === undefined ? "" : `&since=${encodeURIComponent(options.since)}`;
  const wanted = wantedBy(options);
  if (options.follow === true) return await follow(client, `${path}/logs?follow=1${since}`, terminal, wanted);
  let after = 0;
  for (;;) {
    const answer = await client.json<LogPage>(`${path}/logs?after=${after}${since}`);
    if (answer.dropped > 0)
      terminal.notice(`Dropped ${answer.dropped} older events: the log keeps only the newest`);
    for (const line of answer.events.filter(wanted)) printLine(terminal, line);
    if (answer.events.length === 0) return;
    after = answer.next;
  }
}

/** Throws TER_USAGE. */
function wantedBy({ grep, source }: LogsOptions): Wanted {
  try {
    const pattern = new RegExp(grep ?? "", "u");
    return (line) => pattern.test(line.text) && (source === undefined || source.includes(line.source));
  } catch {
    throw usage(`--grep "${grep}" is not a regular expression`, "Escape characters such as ( and [ by \\");
  }
}

async function follow(
  client: ReturnType<typeof clientForDeployment>,
  path: string,
  terminal: Terminal,
  wanted: Wanted,
): Promise<void> {
  let last: number | undefined;
  let connected = false;
  for (;;) {
    try {
      for await (const event of client.lines<LogStreamEvent>(
        last === undefined ? path : `${path}&after=${last}`,
      )) {
        connected = true;
        if ("gone" in event) return terminal.notice("Deployment expired or was deleted");
        if ("dropped" in event) terminal.notice(`Dropped ${event.dropped} events`);
        else {
          if (wanted(event)) printLine(terminal, event);
          last = event.offset;
        }
      }
      terminal.detail("Connection lost; reconnecting");
    } catch (error) {
      const cutOff = error instanceof TerrariumError ? error.exitCode === EXIT.unreachable : true;
      if (!cutOff || !connected) throw error;
    }
    await sleep(RECONNECT_AFTER_MS);
  }
}

function printLine(terminal: Terminal, line: LogEventView): void {
  terminal.printJson(line);
  const time = clockText(Date.parse(line.at), Date.now(), true);
  terminal.print(`${time} ${line.source.padEnd(8)} ${printable(line.text)}`);
}

/**
 * A program's text must not control the reader's terminal: control characters are shown as escapes, and line
 * breaks stay inside the event.
 */
function printable(text: string): string {
  const escape = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  const plain = stripVTControlCharacters(text)
    .replace(/\r?\n$/, "")
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, escape);
  return plain.replaceAll("\n", "\n                      ");
}
