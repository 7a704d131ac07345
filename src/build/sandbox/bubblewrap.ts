// The walls around native compilers: bubblewrap gives them namespaces of their own (no network, no other processes, a root of
// read-only folders), prlimit bounds what they use.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Command } from "./command.ts";

export interface Walls {
  /** Folders that the program may read, under their own names. */
  readonly readable: readonly string[];
  /** Folders that it may change. */
  readonly writable: readonly string[];
  readonly limits: ResourceLimits;
  /** True: the machine's network. Left out: none. */
  readonly network?: boolean;
}

export interface ResourceLimits {
  readonly memoryBytes: number;
  readonly fileBytes: number;
  readonly processes: number;
  readonly cpuSeconds: number;
}

/** System folders that compilers are linked against. */
const SYSTEM_FOLDERS = ["/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"];

/** Programs that make the sandbox. */
export interface Sandbox {
  readonly bubblewrap: string;
  readonly prlimit: string;
}

/** The sandbox that this machine has, or null. `path` is a PATH. */
export function findSandbox(path: string): Sandbox | null {
  const [bubblewrap, prlimit] = ["bwrap", "prlimit"].map((name) =>
    path.split(delimiter).map((folder) => join(folder, name)).find((file) => existsSync(file)),
  );
  return bubblewrap === undefined || prlimit === undefined ? null : { bubblewrap, prlimit };
}

/** The same command within walls. */
export function withinWalls(command: Command, { bubblewrap, prlimit }: Sandbox, walls: Walls): Command {
  const [system, readable] = [SYSTEM_FOLDERS, walls.readable].map((folders) => folders.filter((folder) => existsSync(folder)));
  return {
    ...command,
    file: bubblewrap,
    arguments: [
      "--unshare-all", ...(walls.network === true ? ["--share-net"] : []), "--die-with-parent", "--new-session", "--clearenv",
      ...Object.entries(command.env).flatMap(([name, value]) => ["--setenv", name, value]),
      ...(system ?? []).flatMap((folder) => ["--ro-bind", folder, folder]),
      "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
      ...(readable ?? []).flatMap((folder) => ["--ro-bind", folder, folder]),
      ...walls.writable.flatMap((folder) => ["--bind", folder, folder]),
      "--chdir", command.cwd,
      prlimit, ...limitArguments(walls.limits), "--",
      command.file, ...command.arguments,
    ],
  };
}

function limitArguments({ memoryBytes, fileBytes, processes, cpuSeconds }: ResourceLimits): string[] {
  return [`--as=${memoryBytes}`, `--fsize=${fileBytes}`, `--nproc=${processes}`, `--cpu=${cpuSeconds}`, "--core=0"];
}
