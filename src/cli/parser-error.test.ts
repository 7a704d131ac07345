import { Command, CommanderError } from "commander";
import { expect, test } from "vitest";
import { parserError } from "./parser-error.ts";

/** What a call of a small program is refused with. */
function refusal(...args: string[]): string {
  const program = new Command("terrarium").exitOverride().configureOutput({ outputError: () => undefined });
  const noAction = () => undefined;
  program.command("extend").argument("<id>").requiredOption("--ttl <duration>").action(noAction);
  program.command("list").option("--all").action(noAction);
  program.command("kv").command("get").argument("<id>").argument("<key>").action(noAction);
  for (const command of [...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    command.exitOverride().copyInheritedSettings(program);
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return parserError(error, program, args).text;
    throw error;
  }
  return "accepted";
}

test.each([
  [["extend", "x"], 'Option "--ttl <duration>" is missing. `terrarium extend --help`'],
  [["extend", "x", "--ttl"], 'Option "--ttl <duration>" needs a value. `terrarium extend --help`'],
  [["list", "--json"], 'Option "--json" does not exist. `terrarium list --help`'],
  [["list", "--alll"], 'Option "--alll" does not exist. Did you mean "--all"? `terrarium list --help`'],
  [
    ["list", "--all=no"],
    'Option "--all" does not exist, or takes no value. Did you mean "--all"? `terrarium list --help`',
  ],
  [["list", "a", "b"], "Too many arguments: 2; the limit is 0. `terrarium list --help`"],
  [["kv", "get", "x"], "Argument <key> is missing. `terrarium kv get --help`"],
  [["kv", "got"], 'Command "got" does not exist. Did you mean "get"? `terrarium kv --help`'],
])("%j is refused in our words", (args, text) => {
  expect(refusal(...args)).toBe(`${text} shows how to call it`);
});
