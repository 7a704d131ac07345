// Prompts. Each has a flag that answers it, and none appears without a terminal.
import type { CommandContext } from "./command.ts";
import { TerrariumError } from "../errors/index.ts";
import { usage } from "./usage-error.ts";

/** Whether the user agrees or passed `--yes`. Throws a usage error without a terminal, TER_INTERRUPTED_BY_USER. */
export async function confirm(
  { terminal, options }: CommandContext,
  question: string,
  flag: string,
): Promise<boolean> {
  if (options.yes === true) return true;
  if (!terminal.interactive)
    throw usage(`Cannot ask for confirmation without a terminal (${question})`, `Confirm with ${flag}`);
  const prompts = await import("@clack/prompts");
  const answer = await prompts.confirm({ message: question, initialValue: false, output: process.stderr });
  if (prompts.isCancel(answer)) throw interrupted();
  return answer;
}

/** Asks for one of several; takes the first without a terminal. */
export async function choose<T extends string>(
  { terminal }: CommandContext,
  question: string,
  choices: readonly { readonly value: T; readonly label: string; readonly hint?: string }[],
): Promise<T> {
  const [first] = choices;
  if (first === undefined)
    throw usage("There is nothing to choose from", "Reinstall Terrarium: its templates are missing");
  if (!terminal.interactive) return first.value;
  const prompts = await import("@clack/prompts");
  const options = choices.map(({ value, label, hint }) => ({
    value: value as string,
    label,
    ...(hint === undefined ? {} : { hint }),
  }));
  const answer = await prompts.select<string>({ message: question, options, output: process.stderr });
  if (prompts.isCancel(answer)) throw interrupted();
  return answer as T;
}

function interrupted(): TerrariumError {
  return new TerrariumError("TER_INTERRUPTED_BY_USER", {
    reason: "Interrupted; nothing was changed",
    fix: "Run the command again",
  });
}
