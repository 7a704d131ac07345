// The walls around native compilers: bubblewrap gives them namespaces of their own (no network, no other
// processes, a root of read-only folders), prlimit bounds what they use.
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type Command, runCommand } from "./command.ts";

export interface Walls {
  /** Folders that the program may read, under their own names. */
  readonly readable: readonly string[];
  /** Folders that it may change. Nothing bounds what lands there: for programs that we trust. */
  readonly writable: readonly string[];
  /**
   * A file that exists: the program may write it, up to the limit for files, but put nothing else in its
   * place.
   */
  readonly artefact?: string;
  /** Size of its `/tmp`, which is memory. */
  readonly temporaryBytes: number;
  readonly limits: ResourceLimits;
  /** True: the machine's network. Left out: none. */
  readonly network?: boolean;
}

interface ResourceLimits {
  readonly memoryBytes: number;
  readonly fileBytes: number;
  readonly processes: number;
  readonly cpuSeconds: number;
}

/** System folders that compilers are linked against. */
const SYSTEM_FOLDERS = ["/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"];

/** All of `--unshare-all` but the users: nobody must be one of the machine's. */
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

/** The sandbox if it works here: some machines let nobody make namespaces. */
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

/** The same command within walls. */
export function withinWalls(
  command: Command,
  { bubblewrap, prlimit, setpriv }: Sandbox,
  walls: Walls,
): Command {
  // The system bounds no processes of root's, in whatever namespace: where we are root, strangers' code runs
  // as nobody.
  const asNobody = process.getuid?.() === 0 && walls.writable.length === 0;
  const [system, readable] = [SYSTEM_FOLDERS, walls.readable].map((folders) =>
    folders.filter((folder) => existsSync(folder)),
  );
  return {
    ...command,
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
      // What bubblewrap mounts itself is memory without a bound.
      "--remount-ro",
      "/",
      "--remount-ro",
      "/dev",
      "--chdir",
      command.cwd,
      prlimit,
      ...limitArguments(walls.limits),
      "--",
      ...(asNobody ? [setpriv, ...NOBODY] : []),
      command.file,
      ...command.arguments,
    ],
  };
}

/** Folders on the way to these, outermost first: made by us, they can be passed by whoever runs inside. */
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
