// What a build may see and leave behind: it can read its project, write to `/tmp`, and produce one file, the
// module.
import { chmod, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { withinWalls } from "../../compiler-host/sandbox/bubblewrap.ts";
import type { Command } from "../../compiler-host/sandbox/command.ts";
import type { BuildPaths, RustBuild } from "./build.ts";
import { RUST_SDK_FOLDER } from "./crate-sets.ts";

const MIB = 1024 * 1024;
const LIMITS = { memoryBytes: 4096 * MIB, fileBytes: 1024 * MIB, processes: 256, cpuSeconds: 600 };
/** How much a build may write in total: it is memory, and is freed with the build. */
const TEMPORARY_BYTES = 2048 * MIB;

/** `/tmp` within walls. */
export const INSIDE_TMP = "/tmp";

/**
 * A flag of rustc that makes traps name files as the project does: its folder is random for each build, and
 * private.
 */
export function withoutFolder({ project }: BuildPaths): string {
  return `--remap-path-prefix=${project}=`;
}

/** An empty file that the build, which may run as nobody, can write. */
export async function writeArtefact(file: string): Promise<void> {
  await writeFile(file, "");
  await chmod(file, 0o666);
}

export interface Passage {
  /** Read-only as well: folders of crates, an archive. */
  readonly alsoReadable?: readonly string[];
  /** Where the command leaves the artifact. */
  readonly made: string;
  /** The file to copy it to; by default the artifact of the workspace. */
  readonly into?: string;
}

/** Copies with the build's permissions: a link that it left can only lead to what it could read itself. */
const THEN_COPY = 'made=$1; into=$2; shift 2; "$@" && cat -- "$made" > "$into"';

/** The command inside the sandbox, if there is one, followed by the copy of its result. */
export function enclose(
  command: Command,
  work: BuildPaths,
  { alsoReadable = [], made, into = work.artefact }: Passage,
  build: RustBuild,
): Command {
  const whole = {
    ...command,
    file: "/bin/sh",
    arguments: ["-c", THEN_COPY, "build", made, into, command.file, ...command.arguments],
    env: { ...baseEnvironment(build, work), ...command.env },
  };
  if (build.sandbox === null) return whole;
  return withinWalls(whole, build.sandbox, {
    limits: LIMITS,
    temporaryBytes: TEMPORARY_BYTES,
    readable: [...readable(build), work.project, ...alsoReadable],
    writable: [],
    artefact: into,
  });
}

/**
 * cargo's fetching: it needs the network and may write the lock file and the shared crate cache, but runs
 * none of the project's code.
 */
export function encloseFetch(
  command: Command,
  work: BuildPaths,
  cargoHome: string,
  build: RustBuild,
): Command {
  const whole = { ...command, env: { ...baseEnvironment(build, work), ...command.env } };
  if (build.sandbox === null) return whole;
  const ofNetwork = [
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/ssl",
    "/etc/ca-certificates",
  ];
  return withinWalls(whole, build.sandbox, {
    limits: LIMITS,
    temporaryBytes: TEMPORARY_BYTES,
    readable: [...readable(build), ...ofNetwork],
    writable: [work.project, cargoHome],
    network: true,
  });
}

function baseEnvironment({ path }: RustBuild, { temporary }: BuildPaths): Record<string, string> {
  return { PATH: path, RUSTC_BOOTSTRAP: "1", HOME: temporary, TMPDIR: temporary, LANG: "C.UTF-8" };
}

function readable({ toolchain, set }: RustBuild): string[] {
  const own = toolchain.sysroot === "/usr" ? [] : [toolchain.sysroot];
  const built = set.sysroot === null ? [] : [set.sysroot];
  return [...own, ...built, dirname(set.folder), RUST_SDK_FOLDER];
}
