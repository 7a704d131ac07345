// `terrarium kv`: list, get, put, delete in a deployment's store. Keys and values are bytes; values that are
// not text come from stdin or a file.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { KeyList } from "../../api/index.ts";
import { clientForDeployment, deploymentPath, withServerOptions } from "../client.ts";
import type { Act, CommandContext, CommandModule } from "../command.ts";
import type { ServerOptions } from "../server-address.ts";
import { formatKey, keyAsJson, keyPath, parseBase64url, parseKey } from "../store-key.ts";
import { onUserPath } from "../user-path.ts";
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
      .argument("<id>", ID_SUMMARY)
      .action(act(list));
    keyCommand(command, act, "get", "Print a value as it is", get);
    keyCommand(command, act, "delete", "Remove a key", remove);
    withServerOptions(command.command("put").description("Set a value from an argument, --file or stdin"))
      .argument("<id>", ID_SUMMARY)
      .argument("<key>", KEY_SUMMARY)
      .argument("[value]", "text to store (default: --file, or stdin)")
      .option("--base64url", "the key argument is base64url; the same as base64url:KEY")
      .option("--file <file>", "read the value from this file")
      .action(act(put));
  },
};

const ID_SUMMARY = "name or URL of the deployment or the app";
const KEY_SUMMARY = "text, or base64url:… as `kv list` shows keys that are not plain text";

type KeyAction = (context: CommandContext, target: string, key: string, options: KeyOptions) => Promise<void>;

function keyCommand(command: Command, act: Act, name: string, summary: string, action: KeyAction): void {
  withServerOptions(command.command(name).description(summary))
    .argument("<id>", ID_SUMMARY)
    .argument("<key>", KEY_SUMMARY)
    .option("--base64url", "the key argument is base64url; the same as base64url:KEY")
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
      // Keys last: a long one widens nothing.
      ["BYTES", "KEY"],
      keys.map(({ key, sizeBytes }) => [String(sizeBytes), formatKey(Buffer.from(key, "base64url"))]),
    );
}

async function get(context: CommandContext, target: string, key: string, options: KeyOptions): Promise<void> {
  const { id, path } = deploymentPath(target);
  const bytes = keyOf(key, options);
  const value = await clientForDeployment(context, options, id).bytes(path + keyPath(bytes));
  if (context.terminal.json)
    context.terminal.printJson({
      ...keyAsJson(bytes),
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
  const bytes = keyOf(key, options);
  const body = value === undefined ? await readValue(context, options.file) : Buffer.from(value);
  await clientForDeployment(context, options, id).bytes(path + keyPath(bytes), { method: "PUT", body });
  context.terminal.printJson({ ...keyAsJson(bytes), sizeBytes: body.byteLength });
}

async function remove(
  context: CommandContext,
  target: string,
  key: string,
  options: KeyOptions,
): Promise<void> {
  const { id, path } = deploymentPath(target);
  const bytes = keyOf(key, options);
  await clientForDeployment(context, options, id).bytes(path + keyPath(bytes), { method: "DELETE" });
  context.terminal.printJson(keyAsJson(bytes));
}

/** The argument is a key in the notation of `kv list`, or with `--base64url` the encoded key alone. */
function keyOf(argument: string, options: KeyOptions): Uint8Array {
  return options.base64url === true ? parseBase64url(argument) : parseKey(argument);
}

/** A file's bytes, or standard input's. */
async function readValue({ cwd }: CommandContext, file: string | undefined): Promise<Buffer> {
  if (file === undefined) return readFileSync(0);
  return await onUserPath("read", file, () => readFileSync(resolve(cwd, file)));
}
