// The sandbox of a process that runs strangers' code: if V8 itself is broken, whoever gets out of it has
// no capability, sees no other process, can start none, and finds only the files that the process needs.
// bubblewrap makes the namespaces and installs the system call filter.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { seccompFilter } from "./seccomp.ts";

/** What a process in the sandbox can reach, by the same paths as outside. Missing ones are left out. */
export interface Surroundings {
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

export interface StartOptions {
  readonly surroundings: Surroundings;
  readonly env: NodeJS.ProcessEnv;
  /** False: no network at all. */
  readonly hasNetwork?: boolean;
  /** True: ending bubblewrap, or this process, ends the command. */
  readonly diesWithParent?: boolean;
  readonly serialization?: "json" | "advanced";
}

/** The files of libraries and of name resolution. */
const SYSTEM = [
  "/lib",
  "/lib64",
  "/usr/lib",
  "/usr/lib64",
  "/etc/ld.so.cache",
  "/etc/localtime",
  "/usr/share/zoneinfo",
  "/etc/resolv.conf",
  "/etc/hosts",
  "/etc/host.conf",
  "/etc/nsswitch.conf",
  "/etc/gai.conf",
];
/** Inside, the process is nobody. */
const NOBODY = "65534";
const TEMPORARY_BYTES = 64 * 1024 * 1024;
const PROBE_MS = 10_000;
const LOOK_EVERY_MS = 2;
/** File descriptors of the process beside the standard ones; 3 is the channel of Node's messages. */
const INFO_FD = 4;
const FILTER_FD = 5;

/** Process ids as seen from outside. */
export interface SandboxedPids {
  /** The namespace's first process: all others end with it. */
  readonly init: number;
  readonly own: number;
}

/** A process in the sandbox. */
export interface SandboxedProcess {
  /** bubblewrap, which ends when the process does. */
  readonly child: ChildProcess;
  /** Undefined if the process ended before they were known. */
  readonly pids: Promise<SandboxedPids | undefined>;
}

/** Starts processes in sandboxes. */
export class EdgeSandbox {
  readonly #bubblewrap: string;
  readonly #asNobody: readonly string[];

  /** `asNobody`: arguments that make the process nobody. */
  private constructor(bubblewrap: string, asNobody: readonly string[]) {
    this.#bubblewrap = bubblewrap;
    this.#asNobody = asNobody;
  }

  /** The sandbox if this machine has it, otherwise why it does not. `path` is a PATH. */
  static async find(path: string): Promise<EdgeSandbox | { readonly missing: string }> {
    if (process.platform !== "linux") return { missing: `${process.platform} has no namespaces` };
    const bubblewrap = path
      .split(delimiter)
      .map((folder) => join(folder, "bwrap"))
      .find((file) => existsSync(file));
    if (bubblewrap === undefined) return { missing: "bubblewrap is not installed" };
    const sandbox = new EdgeSandbox(bubblewrap, ["--unshare-user", "--uid", NOBODY, "--gid", NOBODY]);
    const reason = await sandbox.#probe();
    if (reason === null) return sandbox;
    // Some systems have no user namespaces. Root does not need one to make the others.
    const byRoot = new EdgeSandbox(bubblewrap, []);
    if (process.getuid?.() === 0 && (await byRoot.#probe()) === null) return byRoot;
    return { missing: `bubblewrap does not work here: ${reason}` };
  }

  /** Starts `command` with a channel for messages, in this process's group. */
  start(
    command: readonly string[],
    { surroundings, env, hasNetwork = true, diesWithParent = false, serialization = "json" }: StartOptions,
  ): SandboxedProcess {
    const filter = seccompFilter("threads");
    const child = spawn(
      this.#bubblewrap,
      [
        ...(hasNetwork ? [] : ["--unshare-net"]),
        ...(diesWithParent ? ["--die-with-parent"] : []),
        ...this.#asNobody,
        ...argumentsFor(surroundings),
        "--info-fd",
        String(INFO_FD),
        ...(filter === null ? [] : ["--seccomp", String(FILTER_FD)]),
        "--",
        ...command,
      ],
      {
        env,
        serialization,
        stdio: ["ignore", "inherit", "inherit", "ipc", "pipe", ...(filter === null ? [] : ["pipe" as const])],
      },
    );
    // bubblewrap reads it before it starts the command.
    if (filter !== null) (child.stdio.at(FILTER_FD) as Writable | null)?.on("error", () => {}).end(filter);
    return { child, pids: pidsFrom(child) };
  }

  #probe(): Promise<string | null> {
    const surroundings = { readable: [process.execPath], writable: [] };
    const args = [...this.#asNobody, ...argumentsFor(surroundings), "--", process.execPath, "--version"];
    return new Promise((resolve) => {
      execFile(this.#bubblewrap, args, { timeout: PROBE_MS }, (error, _stdout, stderr) =>
        resolve(error === null ? null : stderr.trim().split("\n")[0] || error.message),
      );
    });
  }
}

function argumentsFor({ readable, writable }: Surroundings): string[] {
  return [
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--cap-drop",
    "ALL",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--size",
    String(TEMPORARY_BYTES),
    "--tmpfs",
    "/tmp",
    ...[...SYSTEM, ...readable].filter(existsSync).flatMap((path) => ["--ro-bind", path, path]),
    ...writable.filter(existsSync).flatMap((path) => ["--bind", path, path]),
    "--remount-ro",
    "/",
    "--remount-ro",
    "/dev",
    "--chdir",
    "/",
  ];
}

/** bubblewrap tells the pid of the namespace's first process, whose only child becomes the command. */
async function pidsFrom(child: ChildProcess): Promise<SandboxedPids | undefined> {
  let text = "";
  try {
    for await (const piece of child.stdio.at(INFO_FD) as Readable) text += String(piece);
    const init = (JSON.parse(text) as { "child-pid": number })["child-pid"];
    while (child.exitCode === null && child.signalCode === null) {
      const [only] = readFileSync(`/proc/${init}/task/${init}/children`, "latin1").split(" ");
      if (only !== undefined && only !== "") return { init, own: Number(only) };
      await sleep(LOOK_EVERY_MS);
    }
  } catch {
    // It has ended.
  }
  return undefined;
}
