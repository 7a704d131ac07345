// What the parser of the command line refuses, in the words and the form of every other error.
import type { Command, CommanderError } from "commander";
import type { TerrariumError } from "../errors/index.ts";
import { usage } from "./usage-error.ts";

/** The parser's refusals: what its text says, and ours for it. Groups are the parts in single quotes. */
const REFUSALS: Readonly<Record<string, readonly [RegExp, (...parts: string[]) => string]>> = {
  "commander.unknownOption": [
    /option '([^=]+?)(=.*?)?'(?:\n|$)/s,
    (flag, value) =>
      `Option "${flag}" ${value === undefined ? "does not exist" : "does not exist, or takes no value"}`,
  ],
  "commander.missingArgument": [/argument '(.+)'/, (name) => `Argument <${name}> is missing`],
  "commander.optionMissingArgument": [/option '(.+)'/, (flags) => `Option "${flags}" needs a value`],
  "commander.missingMandatoryOptionValue": [/option '(.+)'/, (flags) => `Option "${flags}" is missing`],
  "commander.excessArguments": [
    /Expected (\d+) .* got (\d+)/,
    (wanted, given) => `Too many arguments: ${given}; the limit is ${wanted}`,
  ],
  "commander.unknownCommand": [/command '(.+?)'(?:\n|$)/, (name) => `Command "${name}" does not exist`],
};

/** The error for a refusal of `program`'s parser. The fix names the help of the command that `words` call. */
export function parserError(
  { code, message }: CommanderError,
  program: Command,
  words: readonly string[],
): TerrariumError {
  const [pattern, say] = REFUSALS[code] ?? [];
  const parts = pattern?.exec(message);
  const near = /\(Did you mean (?:one of )?(.+?)\?\)/.exec(message)?.[1];
  const suggestion = near === undefined ? "" : `Did you mean "${near.replaceAll(", ", '", "')}"? `;
  const command = [program.name(), ...calledCommands(program, words)].join(" ");
  return usage(
    say === undefined || parts == null ? message.replace(/^error: /, "") : say(...parts.slice(1)),
    `${suggestion}\`${command} --help\` shows how to call it`,
  );
}

/** Names of the command and its subcommand, as far as the words name one. */
function calledCommands(program: Command, words: readonly string[]): string[] {
  const names: string[] = [];
  let command = program;
  for (const word of words) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined) continue;
    names.push(word);
    command = next;
  }
  return names;
}
