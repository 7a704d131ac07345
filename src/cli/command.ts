// One command: how it is called, and what it does. Each has its own file, loaded only when the command runs.
import type { Command } from "commander";
import type { Environment } from "../config/environment.ts";
import type { GlobalOptions, Terminal } from "./terminal.ts";

/** What a command gets in addition to its arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly options: GlobalOptions;
  /** `-C`, or the folder in which the command was called. */
  readonly cwd: string;
}

/** Wraps an action so that it receives its context as the first argument. */
export type Act = <Args extends unknown[]>(
  action: (context: CommandContext, ...args: Args) => Promise<void>,
) => (...args: Args) => Promise<void>;

/** Headings of `terrarium --help`, in its order. */
export const COMMAND_GROUPS = ["Platform", "Projects", "Apps", "Deployments", "This program"] as const;

/** The export `command` of each command's file. */
export interface CommandModule {
  /** One line of `terrarium --help`. */
  readonly summary: string;
  readonly group: (typeof COMMAND_GROUPS)[number];
  /** Adds arguments, options and the action. */
  readonly configure: (command: Command, act: Act) => void;
}
