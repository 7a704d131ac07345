// The crates of a set, built once per toolchain into a cache that all builds read: `rustc` alone then builds
// a program against them.
//
//   <cache>/<toolchain>/sysroot/               the target's library, where the toolchain brings only its
//   source <cache>/<toolchain>/<sdk>/<set>/target/    what cargo built
//   <cache>/<toolchain>/<sdk>/<set>/ready.json the crates and where they lie; there only when all is well
import { createHash } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import { TerrariumError } from "../../errors/index.ts";
import { runCommand } from "../../compiler-host/sandbox/command.ts";
import { SDK_FOLDER, sdkDigest } from "../../compiler-host/sdk-folder.ts";
import { parseCargoLine } from "./messages.ts";
import type { CrateSet } from "./program.ts";
import { TARGET, type RustToolchain } from "./toolchain.ts";

/** Raise it when the build procedure changes. */
const FORMAT = 2;

/** Where the guest crate and the manifests of the sets are. */
export const RUST_SDK_FOLDER = join(SDK_FOLDER, "rust");

/** The crate of each set that holds its global allocator; no program names it. */
export const ALLOCATOR_CRATE = "http_guest_allocator";

/** A set that is ready to build against. */
export interface PreparedSet {
  readonly folder: string;
  /** Library (or macro) of each crate that a program may name. */
  readonly crates: Readonly<Record<string, string>>;
  /** Folders of the crates' own dependencies. */
  readonly dependencyFolders: readonly string[];
  /** Null: the toolchain's own. */
  readonly sysroot: string | null;
}

export interface PreparationOptions {
  readonly cacheFolder: string;
  readonly toolchain: RustToolchain;
  /** Home and PATH for cargo, which keeps its own cache of downloads. */
  readonly env: Readonly<Record<string, string>>;
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Digest of toolchain and guest crate: a folder of the cache, by relative name. */
export async function toolchainKey(toolchain: RustToolchain): Promise<string> {
  return join(toolchainDigest(toolchain), (await sdkDigest("rust")).slice(0, 16));
}

function toolchainDigest({ version, sysroot, library, linkerArguments }: RustToolchain): string {
  return createHash("sha256")
    .update(JSON.stringify([FORMAT, version, sysroot, library, linkerArguments]))
    .digest("hex")
    .slice(0, 16);
}

/** The set if it has been prepared, otherwise null. */
export async function findPreparedSet(
  cacheFolder: string,
  key: string,
  set: CrateSet,
): Promise<PreparedSet | null> {
  const text = await readFile(join(cacheFolder, key, set, "ready.json"), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as PreparedSet);
}

/** Builds the set; needs the registry unless cargo has everything already. Throws TER_RUST_PREPARATION. */
export async function prepareSet(set: CrateSet, options: PreparationOptions): Promise<PreparedSet> {
  const root = join(options.cacheFolder, toolchainDigest(options.toolchain));
  const folder = join(options.cacheFolder, await toolchainKey(options.toolchain), set);
  await mkdir(folder, { recursive: true });
  const sysroot = options.toolchain.library === "installed" ? null : await prepareSysroot(root, options);
  await startFromEarlier(set, root, join(folder, "target"), options);
  const crates = await buildSet(set, join(folder, "target"), sysroot, options);
  const release = join(folder, "target", TARGET, "release", "deps"),
    host = join(folder, "target", "release", "deps");
  const prepared: PreparedSet = { folder, crates, dependencyFolders: [release, host], sysroot };
  await writeAtomically(join(folder, "ready.json"), JSON.stringify(prepared));
  return prepared;
}

/**
 * Flags for everything that is built for the target; they keep names of this machine's folders out of panic
 * messages.
 */
export function targetFlags(
  sysroot: string | null,
  { linkerArguments }: RustToolchain,
  home: string,
): string[] {
  return [
    '--cfg=getrandom_backend="custom"',
    // The compiler takes features that are not stable: see RUSTC_BOOTSTRAP.
    "--cfg=http_guest_on_platform",
    "-Cembed-bitcode=yes",
    `--remap-path-prefix=${RUST_SDK_FOLDER}=http_guest`,
    `--remap-path-prefix=${join(home, ".cargo", "registry", "src")}=crates`,
    ...linkerArguments,
    ...(sysroot === null ? [] : [`--sysroot=${sysroot}`]),
  ];
}

async function buildSet(
  set: CrateSet,
  target: string,
  sysroot: string | null,
  options: PreparationOptions,
): Promise<Record<string, string>> {
  options.onOutput(`Preparing the crates for programs of ${set === "2019" ? "2019" : "today"} (once)\n`);
  const named = new Set(Object.keys(await offeredCrates(set)));
  const crates: Record<string, string> = {};
  await runCargo(
    ["build", "--locked", "--release", `--target=${TARGET}`, `--manifest-path=${setManifest(set)}`],
    target,
    sysroot,
    options,
    (line) => {
      const message = parseCargoLine(line);
      if (
        message?.kind !== "artifact" ||
        !isLibrary(message.artifact.kinds) ||
        !named.has(message.artifact.name)
      )
        return;
      const file = message.artifact.files.find(
        (name) => /\.(rlib|so|dylib|dll)$/.test(name) && (name.includes(TARGET) || !name.endsWith(".rlib")),
      );
      if (file !== undefined) crates[message.artifact.name] = file;
    },
  );
  return crates;
}

/**
 * What was built for another version of the guest crate contains everything but that crate, so a new version
 * of the platform is prepared in seconds. cargo compares times, which mean nothing in an installed package,
 * so the guest crate is removed.
 */
async function startFromEarlier(
  set: CrateSet,
  root: string,
  target: string,
  options: PreparationOptions,
): Promise<void> {
  if (existsSync(target)) return;
  const versions = await readdir(root);
  const earlier = versions
    .map((version) => join(root, version, set))
    .find((folder) => existsSync(join(folder, "ready.json")));
  if (earlier === undefined) return;
  const copy = `${target}.${process.pid}`;
  await cp(join(earlier, "target"), copy, {
    recursive: true,
    preserveTimestamps: true,
    mode: constants.COPYFILE_FICLONE,
  });
  const clean = {
    file: options.toolchain.cargo,
    arguments: [
      "clean",
      "--release",
      `--target=${TARGET}`,
      "-p",
      "http_guest",
      "-p",
      ALLOCATOR_CRATE,
      `--manifest-path=${setManifest(set)}`,
      "--offline",
    ],
    cwd: RUST_SDK_FOLDER,
  };
  const code = await runCommand(
    { ...clean, env: cargoEnvironment(copy, null, options, options.env) },
    {},
    options.signal,
  );
  await (code === 0 ? rename(copy, target) : rm(copy, { recursive: true, force: true }));
}

function setManifest(set: CrateSet): string {
  return join(RUST_SDK_FOLDER, "sets", set, "Cargo.toml");
}

function isLibrary(kinds: readonly string[]): boolean {
  return kinds.some((kind) => ["lib", "rlib", "proc-macro"].includes(kind));
}

/** The standard library for the target, from its source, in a folder that looks like a toolchain's. */
async function prepareSysroot(root: string, options: PreparationOptions): Promise<string> {
  const sysroot = join(root, "sysroot");
  const library = join(sysroot, "lib", "rustlib", TARGET, "lib");
  if ((await readFile(join(sysroot, "ready"), "utf8").catch(() => null)) !== null) return sysroot;
  options.onOutput(`Building the standard library for ${TARGET} (once)\n`);
  const empty = join(root, "empty");
  await mkdir(empty, { recursive: true });
  await writeFile(
    join(empty, "Cargo.toml"),
    '[package]\nname = "empty"\nversion = "0.0.0"\nedition = ' +
      '"2024"\n[lib]\npath = "lib.rs"\n[workspace]\n[profile.release]\npanic = "abort"\n',
  );
  await writeFile(join(empty, "lib.rs"), "");
  const target = join(root, "library-target");
  await runCargo(
    [
      "build",
      "--release",
      `--target=${TARGET}`,
      `--manifest-path=${join(empty, "Cargo.toml")}`,
      "-Zbuild-std=std,panic_abort",
    ],
    target,
    null,
    options,
    () => undefined,
  );
  await rm(sysroot, { recursive: true, force: true });
  await mkdir(join(library, ".."), { recursive: true });
  await cp(join(target, TARGET, "release", "deps"), library, {
    recursive: true,
    filter: (file) => !/\.(d|rmeta)$/.test(file) && !/libempty-/.test(file),
  });
  const { sysroot: own, host } = options.toolchain;
  await symlink(join(own, "lib", "rustlib", host), join(sysroot, "lib", "rustlib", host));
  await writeFile(join(sysroot, "ready"), "");
  await rm(target, { recursive: true, force: true });
  return sysroot;
}

/** Runs cargo without the network, and again with it if something is missing. */
async function runCargo(
  args: readonly string[],
  target: string,
  sysroot: string | null,
  options: PreparationOptions,
  onMessage: (line: string) => void,
): Promise<void> {
  const { toolchain, env, onOutput, signal } = options;
  let said: string[] = [];
  for (const network of [["--offline"], []]) {
    said = [];
    const listener = {
      onStdout: onMessage,
      onStderr: (line: string) => void (said.push(line), onOutput(`${line}\n`)),
    };
    const command = {
      file: toolchain.cargo,
      arguments: [...args, ...network, "--message-format=json"],
      cwd: RUST_SDK_FOLDER,
      env: cargoEnvironment(target, sysroot, options, env),
    };
    if ((await runCommand(command, listener, signal)) === 0) return;
  }
  throw new TerrariumError("TER_RUST_PREPARATION", {
    reason: said.filter((line) => line.startsWith("error")).join("; ") || "cargo failed",
  });
}

function cargoEnvironment(
  target: string,
  sysroot: string | null,
  { toolchain }: PreparationOptions,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...env,
    RUSTC: toolchain.rustc,
    // The crates of 2019 ask for features that were not stable then.
    RUSTC_BOOTSTRAP: "1",
    CARGO_TARGET_DIR: target,
    CARGO_ENCODED_RUSTFLAGS: targetFlags(sysroot, toolchain, env["HOME"] ?? "").join("\x1f"),
  };
}

/** The crates that a set offers: locked version and features, by name. */
export async function offeredCrates(set: CrateSet): Promise<Record<string, OfferedCrate>> {
  const folder = join(RUST_SDK_FOLDER, "sets", set);
  const [manifest, lock] = await Promise.all(
    ["Cargo.toml", "Cargo.lock"].map(async (name) => parse(await readFile(join(folder, name), "utf8"))),
  );
  const locked = lock?.["package"] as { name: string; version: string }[];
  return Object.fromEntries(
    Object.entries(manifest?.["dependencies"] as Record<string, unknown>).map(([name, requirement]) => {
      const { version = "", features = [] } =
        typeof requirement === "string" ? { version: requirement } : (requirement as Partial<OfferedCrate>);
      const release = locked.find(
        (candidate) => candidate.name === name && candidate.version.startsWith(`${version}.`),
      );
      return [name, { version: release?.version ?? version, features }];
    }),
  );
}

/** A crate of a set. */
export interface OfferedCrate {
  readonly version: string;
  readonly features: readonly string[];
}

async function writeAtomically(file: string, text: string): Promise<void> {
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}
