// `terrarium kv`: list, get, put, delete in a deployment's store. Keys and values are bytes; values that are
// not text come from stdin or a file.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { KeyList } from "../../api/index.ts";
import { clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { Act, CommandContext, CommandModule } from "../command.ts";
import type { ServerOptions } from "../server-address.ts";
import type { Command } from "commander";

interface KeyOptions extends ServerOptions {
  readonly base64url?: boolean;
  readonly file?: string;
}

/** The command. */
export const command: CommandModule = {
  summary: "read and change a deployment's store",
  group: "Deployments",
  configure(command, act) {
    withServerOptions(command.command("list").description("List the keys"))
      .argument("<id>")
      .action(act(list));
    keyCommand(command, act, "get", "Print a value as it is", get);
    keyCommand(command, act, "delete", "Remove a key", remove);
    withServerOptions(command.command("put").description("Set a value: an argument, --file, or stdin"))
      .argument("<id>")
      .argument("<key>")
      .argument("[value]")
      .option("--base64url", "the key is in base64url")
      .option("--file <file>", "read the value from a file")
      .action(act(put));
  },
};

type KeyAction = (context: CommandContext, target: string, key: string, options: KeyOptions) => Promise<void>;

function keyCommand(command: Command, act: Act, name: string, summary: string, action: KeyAction): void {
  withServerOptions(command.command(name).description(summary))
    .argument("<id>")
    .argument("<key>")
    .option("--base64url", "the key is in base64url")
    .action(act(action));
}

async function list(context: CommandContext, target: string, options: ServerOptions): Promise<void> {
  const { id, path } = deploymentPath(target);
  const client = clientForDeployment(context, options, id);
  const keys: KeyList["keys"][number][] = [];
  let after: string | null = null;
  do {
    const page: KeyList = await client.json<KeyList>(
      `${path}/kv?limit=1000${after === null ? "" : `&after=${after}`}`,
    );
    keys.push(...page.keys);
    after = page.next;
  } while (after !== null);
  context.terminal.printJson(keys);
  if (keys.length === 0) context.terminal.notice("The store is empty");
  else
    context.terminal.table(
      ["KEY", "BYTES"],
      keys.map(({ key, text, sizeBytes }) => [
        text === null ? `base64url:${key}` : JSON.stringify(text),
        String(sizeBytes),
      ]),
    );
}

async function get(context: CommandContext, target: string, key: string, options: KeyOptions): Promise<void> {
  const { id, path } = deploymentPath(target);
  const value = await clientForDeployment(context, options, id).bytes(keyPath(path, key, options));
  if (context.terminal.json)
    context.terminal.printJson({
      key,
      base64: Buffer.from(value).toString("base64"),
      sizeBytes: value.byteLength,
    });
  else context.terminal.printBytes(value);
}

async function put(
  context: CommandContext,
  target: string,
  key: string,
  value: string | undefined,
  options: KeyOptions,
): Promise<void> {
  const { id, path } = deploymentPath(target);
  const body =
    value === undefined
      ? readFileSync(options.file === undefined ? 0 : resolve(context.cwd, options.file))
      : Buffer.from(value);
  await clientForDeployment(context, options, id).bytes(keyPath(path, key, options), { method: "PUT", body });
  context.terminal.printJson({ key, sizeBytes: body.byteLength });
}

async function remove(
  context: CommandContext,
  target: string,
  key: string,
  options: KeyOptions,
): Promise<void> {
  const { id, path } = deploymentPath(target);
  await clientForDeployment(context, options, id).bytes(keyPath(path, key, options), { method: "DELETE" });
  context.terminal.printJson({ key });
}

function keyPath(path: string, key: string, options: KeyOptions): string {
  return options.base64url === true
    ? `${path}/kv/${key}?encoding=base64url`
    : `${path}/kv/${encodeURIComponent(key)}`;
}
