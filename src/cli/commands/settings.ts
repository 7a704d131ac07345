// `terrarium settings APP`: lists, shows and changes what an app's program reads as its settings.
import type { AppAnswer, SettingList } from "../../api/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { appPath, clientForDeployment, withServerOptions } from "../client.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import type { ServerOptions } from "../server-address.ts";
import { usage } from "../usage-error.ts";

const ACTIONS = ["list", "get", "set", "remove"] as const;
const FIX = "Write `terrarium settings APP set KEY=VALUE`, `get KEY`, `remove KEY` or `list`";

/** The command. */
export const command: CommandModule = {
  summary: "list and change the settings of an app",
  group: "Apps",
  configure(command, act) {
    withServerOptions(command)
      .argument("<app>", "name or URL of the app")
      .argument("[action]", "set, get, list or remove", "list")
      .argument("[settings...]", "KEY=VALUE for set, KEY for get and remove")
      .action(act(run));
  },
};

async function run(
  context: CommandContext,
  target: string,
  action: string,
  words: readonly string[],
  options: ServerOptions,
): Promise<void> {
  const { name, path } = appPath(target);
  const known = ACTIONS.find((one) => one === action);
  if (known === undefined) throw usage(`There is no action "${action}"`, FIX);
  if ((known === "list") !== (words.length === 0))
    throw usage(known === "list" ? "The action list takes no KEY" : `The action ${known} needs a KEY`, FIX);
  const client = clientForDeployment(context, options, name);
  if (known === "list" || known === "get") {
    const { settings } = await client.json<SettingList>(`${path}/settings`);
    return known === "list" ? printAll(context, settings) : printOne(context, name, settings, words);
  }
  const change = known === "set" ? { set: Object.fromEntries(words.map(pairOf)) } : { remove: words };
  const { app } = await client.json<AppAnswer>(`${path}/settings`, {
    method: "PATCH",
    body: JSON.stringify(change),
    headers: { "content-type": "application/json" },
  });
  context.terminal.printJson(app);
  context.terminal.print(`${app.url} answers with ${app.currentId ?? "no version"}`);
}

function printAll({ terminal }: CommandContext, settings: SettingList["settings"]): void {
  terminal.printJson(settings);
  if (settings.length === 0) return terminal.notice("There are no settings");
  const rows = settings.map(({ name, source, value }) => [name, source, JSON.stringify(value)]);
  terminal.table(["KEY", "FROM", "VALUE"], rows);
}

function printOne(
  { terminal }: CommandContext,
  app: string,
  settings: SettingList["settings"],
  [key = "", ...more]: readonly string[],
): void {
  if (more.length > 0) throw usage("The action get takes one KEY", FIX);
  const found = settings.find(({ name }) => name === key);
  if (found === undefined) throw new TerrariumError("TER_APP_NO_SETTING", { app, name: key });
  terminal.printJson(found);
  terminal.print(found.value);
}

function pairOf(word: string): [string, string] {
  const at = word.indexOf("=");
  if (at < 1) throw usage(`"${word}" is not KEY=VALUE`, FIX);
  return [word.slice(0, at), word.slice(at + 1)];
}
