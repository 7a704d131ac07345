// The sandbox for native compilers: bubblewrap gives them their own namespaces (no network, no other
// processes, a root of read-only folders), and prlimit limits their resources.
import { type Dirent, existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { seccompFilter } from "../../sandbox/seccomp.ts";
import { type Command, EXTRA_INPUT_FD, runCommand } from "./command.ts";

export interface Walls {
  /** Folders that the program may read, under their own names. */
  readonly readable: readonly string[];
  /** Folders that it may change, without a size limit: only for trusted programs. */
  readonly writable: readonly string[];
  /** An existing file that the program may write, up to the limit for files, but not replace. */
  readonly artefact?: string;
  /** Size of its `/tmp`, which is memory. */
  readonly temporaryBytes: number;
  readonly limits: ResourceLimits;
  /** True: the machine's network. Absent: none. */
  readonly network?: boolean;
}

interface ResourceLimits {
  readonly memoryBytes: number;
  readonly fileBytes: number;
  readonly processes: number;
  readonly cpuSeconds: number;
}

/** System folders that compilers need. */
const SYSTEM_FOLDERS = ["/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"];

/** All of `--unshare-all` except users: `nobody` must be the machine's own. */
const NAMESPACES = [
  "--unshare-ipc",
  "--unshare-pid",
  "--unshare-net",
  "--unshare-uts",
  "--unshare-cgroup-try",
];
const NOBODY = [
  "--reuid=65534",
  "--regid=65534",
  "--clear-groups",
  "--inh-caps=-all",
  "--bounding-set=-all",
  "--no-new-privs",
];

/** Programs that make the sandbox. */
export interface Sandbox {
  readonly bubblewrap: string;
  readonly prlimit: string;
  readonly setpriv: string;
}

/** The sandbox that this machine has, or null. `path` is a PATH. */
function findSandbox(path: string): Sandbox | null {
  const [bubblewrap, prlimit, setpriv] = ["bwrap", "prlimit", "setpriv"].map((name) =>
    path
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find((file) => existsSync(file)),
  );
  return bubblewrap === undefined || prlimit === undefined || setpriv === undefined
    ? null
    : { bubblewrap, prlimit, setpriv };
}

/** The sandbox, if it works here: some machines do not allow namespaces. */
export async function findWorkingSandbox(path: string): Promise<Sandbox | null> {
  const sandbox = findSandbox(path);
  if (sandbox === null) return null;
  const limits = { memoryBytes: 2 ** 30, fileBytes: 2 ** 20, processes: 16, cpuSeconds: 10 };
  const probe = withinWalls(
    { file: "/bin/sh", arguments: ["-c", "true"], cwd: "/tmp", env: { PATH: path } },
    sandbox,
    { readable: [], writable: [], temporaryBytes: 2 ** 20, limits },
  );
  const code = await runCommand(probe, {}, AbortSignal.timeout(10_000)).catch(() => 1);
  return code === 0 ? sandbox : null;
}

/** The same command inside the sandbox. */
export function withinWalls(
  command: Command,
  { bubblewrap, prlimit, setpriv }: Sandbox,
  walls: Walls,
): Command {
  // The system does not limit root's processes in any namespace: where we are root, strangers' code runs as
  // nobody.
  const asNobody = process.getuid?.() === 0 && walls.writable.length === 0;
  const [system, readable] = [SYSTEM_FOLDERS, walls.readable].map((folders) =>
    folders.filter((folder) => existsSync(folder)),
  );
  const filter = seccompFilter("processes");
  return {
    ...command,
    extraInput: filter,
    file: bubblewrap,
    arguments: [
      ...(asNobody ? NAMESPACES : ["--unshare-all"]),
      ...(walls.network === true ? ["--share-net"] : []),
      "--die-with-parent",
      "--new-session",
      "--perms",
      "0755",
      "--dir",
      "/etc",
      ...(system ?? []).flatMap((folder) => ["--ro-bind", folder, folder]),
      "--proc",
      "/proc",
      ...machineWideProcFiles().flatMap(hide),
      "--dev",
      "/dev",
      "--perms",
      "1777",
      "--size",
      String(walls.temporaryBytes),
      "--tmpfs",
      "/tmp",
      ...parentsOf([...(readable ?? []), ...walls.writable, walls.artefact ?? "/tmp"]).flatMap((folder) => [
        "--perms",
        "0755",
        "--dir",
        folder,
      ]),
      ...(readable ?? []).flatMap((folder) => ["--ro-bind", folder, folder]),
      ...walls.writable.flatMap((folder) => ["--bind", folder, folder]),
      ...(walls.artefact === undefined ? [] : ["--bind", walls.artefact, walls.artefact]),
      // What bubblewrap mounts by itself is memory without a limit.
      "--remount-ro",
      "/",
      "--remount-ro",
      "/dev",
      "--chdir",
      command.cwd,
      ...(filter === null ? [] : ["--seccomp", String(EXTRA_INPUT_FD)]),
      prlimit,
      ...limitArguments(walls.limits),
      "--",
      ...(asNobody ? [setpriv, ...NOBODY] : []),
      command.file,
      ...command.arguments,
    ],
  };
}

/** What `/proc` says of the whole machine; what it says of a process stays. Links lead to the latter. */
function machineWideProcFiles(): Dirent[] {
  return readdirSync("/proc", { withFileTypes: true }).filter(
    (entry) => !/^\d+$/.test(entry.name) && !entry.isSymbolicLink(),
  );
}

/** Arguments that put something empty in its place. */
function hide(entry: Dirent): string[] {
  const path = join("/proc", entry.name);
  return entry.isDirectory() ? ["--tmpfs", path, "--remount-ro", path] : ["--ro-bind", "/dev/null", path];
}

/**
 * Parents of these folders, outermost first: we create them, so that whoever runs inside can traverse them.
 */
function parentsOf(paths: readonly string[]): string[] {
  const parents = new Set<string>();
  for (const path of paths)
    for (let folder = dirname(path); folder !== "/"; folder = dirname(folder)) parents.add(folder);
  const made = [...parents].filter(
    (folder) =>
      folder !== "/tmp" &&
      !SYSTEM_FOLDERS.some((system) => folder === system || folder.startsWith(`${system}/`)),
  );
  return made.toSorted((a, b) => a.length - b.length);
}

function limitArguments({ memoryBytes, fileBytes, processes, cpuSeconds }: ResourceLimits): string[] {
  return [
    `--as=${memoryBytes}`,
    `--fsize=${fileBytes}`,
    `--nproc=${processes}`,
    `--cpu=${cpuSeconds}`,
    "--core=0",
  ];
}
