// The commands: one file each in commands/, found by name. Nothing else lists them.
import { readdirSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { CommandModule } from "./command.ts";

const FOLDER = new URL("./commands/", import.meta.url);
/** `.ts` in development, `.js` in the package. */
const EXTENSION = extname(import.meta.url);

/** Names of all commands. */
export function commandNames(): string[] {
  return readdirSync(fileURLToPath(FOLDER))
    .filter((file) => file.endsWith(EXTENSION) && !file.includes(".test."))
    .map((file) => file.slice(0, -EXTENSION.length));
}

/** Loads the file of a command. */
export async function loadCommand(name: string): Promise<CommandModule> {
  const { command } = (await import(new URL(name + EXTENSION, FOLDER).href)) as { command: CommandModule };
  return command;
}
