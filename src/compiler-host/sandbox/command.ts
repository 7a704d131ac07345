// Runs one program to its end and delivers its output by lines. When the signal aborts, it ends everything
// the program started.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { trackProcess } from "../build-memory.ts";
import { lowerPriority } from "../../processes/priority.ts";

export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The program reads these bytes from file descriptor `EXTRA_INPUT_FD`. */
  readonly extraInput?: Uint8Array | null;
}

/** The first after standard input, output and errors. */
export const EXTRA_INPUT_FD = 3;

export interface CommandListener {
  readonly onStdout?: (line: string) => void;
  readonly onStderr?: (line: string) => void;
}

/**
 * Exit code of the command, 1 if a signal ended it. Rejects with the abort reason, or if the program cannot
 * be started.
 */
export async function runCommand(
  command: Command,
  listener: CommandListener,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted();
  const { extraInput = null } = command;
  // Its own process group, so that its children die with it.
  const child = spawn(command.file, command.arguments, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...(extraInput === null ? [] : ["pipe" as const])],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  if (extraInput !== null)
    (child.stdio.at(EXTRA_INPUT_FD) as unknown as Writable).on("error", () => {}).end(extraInput);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on("error", reject);
  child.on("close", (code) => resolve(code ?? 1));
  createInterface({ input: child.stdout }).on("line", listener.onStdout ?? (() => undefined));
  createInterface({ input: child.stderr }).on("line", listener.onStderr ?? (() => undefined));
  const untrack = trackProcess(child.pid, signal);
  const stop = (): void => killGroup(child.pid);
  signal.addEventListener("abort", stop, { once: true });
  // Compilers must not slow down edges.
  lowerPriority(child.pid, constants.priority.PRIORITY_LOW);
  try {
    const code = await promise;
    signal.throwIfAborted();
    return code;
  } finally {
    untrack();
    signal.removeEventListener("abort", stop);
    killGroup(child.pid);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All gone already.
  }
}
