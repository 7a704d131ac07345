// Projects with their own crates: cargo fetches them, without running anything, and builds them without the
// network. Compiled dependencies are kept as one archive that no later build can change.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { runCommand } from "../../compiler-host/sandbox/command.ts";
import type { CompileOptions } from "../../compiler-host/compiler.ts";
import type { BuildPaths, RustBuild } from "./build.ts";
import { RUST_SDK_FOLDER, toolchainKey } from "./crate-sets.ts";
import { enclose, encloseFetch, withoutFolder, writeArtefact } from "./enclosure.ts";
import type { Findings } from "./findings.ts";
import { openToBuilds } from "./crate-permissions.ts";
import { libraryName } from "./program.ts";
import { packageNames, skeletonOf } from "./skeleton.ts";
import { TARGET } from "./toolchain.ts";

/** Archives of compiled dependencies to keep; the least recently used are dropped. */
const KEPT_ARCHIVES = 20;

/** Starts from an archive if there is one. */
const FROM_ARCHIVE =
  'archive=$1; shift; mkdir -p "$CARGO_TARGET_DIR"; if [ -n "$archive" ]; then ' +
  'tar -xf "$archive" -C "$CARGO_TARGET_DIR" || exit 1; fi; exec "$@"';
/**
 * Leaves an archive behind, without the output of the empty sources: cargo compares names and times, not
 * sources.
 */
const TO_ARCHIVE =
  '"$@" && "$1" clean --offline --release --target "$TARGET" ' +
  '$OWN_PACKAGES && tar -cf "$CARGO_TARGET_DIR.tar" -C "$CARGO_TARGET_DIR" .';

/** Exit code of the build; the module is then the artifact of the workspace. */
export async function buildWithCargo(
  work: BuildPaths,
  flags: readonly string[],
  findings: Findings,
  options: CompileOptions,
  build: RustBuild,
): Promise<number> {
  const cargoHome = join(build.cacheFolder, "cargo-home");
  await mkdir(cargoHome, { recursive: true });
  const target = join(work.temporary, "target");
  const env = {
    RUSTC: build.toolchain.rustc,
    CARGO_HOME: cargoHome,
    CARGO_TARGET_DIR: target,
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
    CARGO_PROFILE_RELEASE_LTO: "fat",
    CARGO_PROFILE_RELEASE_PANIC: "abort",
    CARGO_BUILD_JOBS: String(availableParallelism()),
  };
  const listener = {
    onStdout: (line: string): void => findings.takeCargo(line),
    onStderr: (line: string): void => findings.say(line.replaceAll(`${dirname(work.project)}/`, "")),
  };
  const { cargo } = build.toolchain;
  // For all targets: what a build for two of them asks for is more than a fetch for the same two brings.
  // Without a target to build for, cargo would try the flags of the target's linker on this machine.
  const { CARGO_ENCODED_RUSTFLAGS: _, ...forFetch } = env;
  const fetch = { file: cargo, arguments: ["fetch"], cwd: work.project, env: forFetch };
  const fetched = await runCommand(encloseFetch(fetch, work, cargoHome, build), listener, options.signal);
  if (fetched !== 0) return fetched;
  await openToBuilds(join(cargoHome, "registry", "src"));
  const args = ["--release", "--lib", `--target=${TARGET}`, "--offline", "--message-format=json"];
  const archive = await dependencyArchive(work, { cargo, args, env, cargoHome }, findings, options, build);
  const made = join(target, TARGET, "release", `${libraryName(build.program.manifest)}.wasm`);
  // As an argument for the program alone: a flag for all crates that differs in each build would recompile
  // all of them.
  const program = ["rustc", ...args, "--", withoutFolder(work)];
  const command = {
    file: "/bin/sh",
    arguments: ["-c", FROM_ARCHIVE, "start", archive ?? "", cargo, ...program],
    cwd: work.project,
    env,
  };
  return runCommand(
    enclose(
      command,
      work,
      { made, alsoReadable: [cargoHome, ...(archive === null ? [] : [archive])] },
      build,
    ),
    listener,
    options.signal,
  );
}

interface CargoRun {
  readonly cargo: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cargoHome: string;
}

/**
 * The compiled dependencies of projects with these manifests and this lock file, built from their manifests
 * around empty sources. None of the project's own code runs, so the archive does not depend on who caused it.
 * Null if the build fails.
 */
async function dependencyArchive(
  work: BuildPaths,
  run: CargoRun,
  findings: Findings,
  options: CompileOptions,
  build: RustBuild,
): Promise<string | null> {
  const folder = join(build.cacheFolder, "dependencies");
  await mkdir(folder, { recursive: true });
  const manifests = await manifestsOf(work.project);
  const key = createHash("sha256")
    .update(
      JSON.stringify([
        await toolchainKey(build.toolchain),
        run.env["CARGO_ENCODED_RUSTFLAGS"],
        build.program.set,
        manifests,
        await newestMs(RUST_SDK_FOLDER),
      ]),
    )
    .digest("hex");
  const archive = join(folder, `${key.slice(0, 32)}.tar`);
  const now = new Date();
  if (existsSync(archive)) {
    await utimes(archive, now, now);
    return archive;
  }
  const skeleton = `${work.project}-skeleton`;
  const fresh = `${archive}.${process.pid}`;
  for (const [name, text] of skeletonOf(manifests)) {
    await mkdir(dirname(join(skeleton, name)), { recursive: true });
    await writeFile(join(skeleton, name), text);
  }
  await writeArtefact(fresh);
  const target = run.env["CARGO_TARGET_DIR"] ?? "";
  const command = {
    file: "/bin/sh",
    arguments: ["-c", TO_ARCHIVE, "archive", run.cargo, "build", ...run.args],
    cwd: skeleton,
    env: {
      ...run.env,
      TARGET,
      OWN_PACKAGES: packageNames(manifests)
        .map((name) => `-p ${name}`)
        .join(" "),
    },
  };
  const passage = { made: `${target}.tar`, into: fresh, alsoReadable: [run.cargoHome, skeleton] };
  const code = await runCommand(
    enclose(command, work, passage, build),
    { onStderr: (line) => findings.say(line.replaceAll(`${dirname(work.project)}/`, "")) },
    options.signal,
  ).catch(async (error: unknown) => {
    await rm(fresh, { force: true });
    throw error;
  });
  if (build.sandbox === null) await rm(target, { recursive: true, force: true });
  if (code !== 0) {
    await rm(fresh, { force: true });
    return null;
  }
  await chmod(fresh, 0o644);
  await rename(fresh, archive);
  await dropOldest(folder);
  return archive;
}

/** When a file in a folder last changed: cargo recompiles a crate whose files are newer than its output. */
async function newestMs(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  return Math.max(
    ...(await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs))),
  );
}

/** All manifests of a project, and its lock file, by name. */
async function manifestsOf(project: string): Promise<Record<string, string>> {
  const names = (await readdir(project, { recursive: true }))
    .filter((name) => /(^|\/)Cargo\.(toml|lock)$/.test(name))
    .toSorted();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(project, name), "utf8")] as const),
    ),
  );
}

async function dropOldest(folder: string): Promise<void> {
  const archives = (await readdir(folder)).filter((name) => name.endsWith(".tar"));
  const dated = await Promise.all(
    archives.map(async (name) => ({ name, usedAtMs: (await stat(join(folder, name))).mtimeMs })),
  );
  for (const { name } of dated.toSorted((a, b) => b.usedAtMs - a.usedAtMs).slice(KEPT_ARCHIVES))
    await rm(join(folder, name), { force: true });
}
