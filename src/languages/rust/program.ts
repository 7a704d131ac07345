// What kind of Rust program a project is: current or of 2019, with or without its own manifest.
import { posix } from "node:path";
import { parse, stringify, TomlError } from "smol-toml";
import { TerrariumError } from "../../errors/index.ts";
import type { ProjectFiles } from "../../project/files.ts";
import { tomlProblem } from "../../project/toml.ts";

/** The two sets of crates; each is a folder of `sdk/rust/sets/`. */
export type CrateSet = "current" | "2019";
/** Both sets, the newest first. */
export const CRATE_SETS: readonly CrateSet[] = ["current", "2019"];

/** Edition of programs that do not name one, by set. */
const EDITIONS: Readonly<Record<CrateSet, string>> = { current: "2024", "2019": "2015" };

export interface RustProgram {
  readonly set: CrateSet;
  readonly edition: string;
  /** The manifest for cargo. */
  readonly manifest: Manifest;
  /** The program has its own `#[global_allocator]`, and there can be only one. */
  readonly ownsAllocator: boolean;
  /** False: it needs only the set's crates, and rustc alone builds it. */
  readonly needsCargo: boolean;
}

/** A Cargo.toml as parsed. */
export type Manifest = Readonly<Record<string, unknown>>;
type Table = Readonly<Record<string, unknown>>;

/** Reads a project's manifest and sources. Throws TER_RUST_MANIFEST for what is not allowed. */
export function describeProgram(
  files: ProjectFiles,
  isInSet: (set: CrateSet, name: string, requirement: unknown) => boolean,
): RustProgram {
  const text = files.get("Cargo.toml");
  if (text === undefined) return withoutManifest(files);
  const manifest = parseManifest(new TextDecoder().decode(text));
  const packageTable = table(manifest["package"]);
  const dependencies = table(manifest["dependencies"]);
  for (const name of files.keys().filter((name) => /(^|\/)Cargo\.toml$/.test(name)))
    refuseOutside(name, files);
  const edition = typeof packageTable["edition"] === "string" ? packageTable["edition"] : null;
  const set: CrateSet =
    edition === null || isOldHttp(dependencies["http"]) || saysExternCrate(files, rootFile(manifest))
      ? "2019"
      : "current";
  const isPlain =
    Object.keys(manifest).every((key) => ["package", "lib", "dependencies"].includes(key)) &&
    Object.keys(packageTable).every((key) => PLAIN_PACKAGE_KEYS.has(key)) &&
    Object.keys(table(manifest["lib"])).every((key) => key === "crate-type") &&
    files.has("src/lib.rs") &&
    !files.has("build.rs") &&
    Object.entries(dependencies).every(
      ([name, requirement]) => name === "http_guest" || isInSet(set, name, requirement),
    );
  return {
    set,
    edition: edition ?? "2015",
    manifest: isPlain ? generatedManifest(set, edition ?? "2015") : manifest,
    ownsAllocator: ownsAllocator(files),
    needsCargo: !isPlain,
  };
}

/** Keys of [package] that do not affect the build. */
const PLAIN_PACKAGE_KEYS = new Set([
  "name",
  "version",
  "edition",
  "authors",
  "description",
  "license",
  "publish",
  "readme",
  "repository",
  "keywords",
  "categories",
]);

/** Line breaks are left out of what may begin a line: with them, each of many empty lines is scanned anew. */
const DECLARES_GUEST_CRATE = /^[ \t]*(#\[macro_use\]\s*)?(pub\s+)?extern\s+crate\s+http_guest\b/m;

function withoutManifest(files: ProjectFiles): RustProgram {
  const isOld = saysExternCrate(files, "src/lib.rs") || hasOldAttributes(files, "src/lib.rs");
  const set: CrateSet = isOld ? "2019" : "current";
  return {
    set,
    edition: EDITIONS[set],
    manifest: generatedManifest(set, EDITIONS[set]),
    ownsAllocator: ownsAllocator(files),
    needsCargo: false,
  };
}

/** `extern crate http_guest` in the root file: only programs of 2019 wrote it, whatever edition their manifests name. */
function saysExternCrate(files: ProjectFiles, root: string): boolean {
  const text = new TextDecoder().decode(files.get(root));
  return DECLARES_GUEST_CRATE.test(text);
}

/** `extern "C" {` or `#[no_mangle]` without `unsafe`, which the edition of programs of today refuses. */
function hasOldAttributes(files: ProjectFiles, root: string): boolean {
  const text = new TextDecoder().decode(files.get(root));
  return /^[ \t]*(extern\s+"C"\s*\{|#\s*\[\s*no_mangle\s*\])/m.test(text);
}

function rootFile(manifest: Manifest): string {
  const path = table(manifest["lib"])["path"];
  return typeof path === "string" ? posix.normalize(path) : "src/lib.rs";
}

/** True if a source has the attribute at the start of a line. */
export function ownsAllocator(files: ProjectFiles): boolean {
  return [...files].some(
    ([name, bytes]) =>
      name.endsWith(".rs") && /^[ \t]*#\s*\[\s*global_allocator\s*\]/m.test(new TextDecoder().decode(bytes)),
  );
}

/** The manifest for projects without one, at the project's root, so that macros that look for one find it. */
function generatedManifest(set: CrateSet, edition: string): Manifest {
  return {
    package: {
      name: "program",
      version: "0.0.0",
      edition,
      description: `A program with the crates of the set ${set}`,
    },
  };
}

/** The manifest as text. */
export function manifestText(manifest: Manifest): string {
  return stringify(manifest);
}

/** The project's manifest, changed to use the platform's `http_guest` and to build a module. */
export function manifestForCargo(program: RustProgram, sdkFolder: string): Manifest {
  const { manifest } = program;
  const lib = table(manifest["lib"]);
  const dependencies = { ...table(manifest["dependencies"]) };
  if ("http_guest" in dependencies) dependencies["http_guest"] = guestDependency(program, sdkFolder);
  return {
    ...manifest,
    lib: { ...lib, "crate-type": ["cdylib"] },
    dependencies,
    workspace: table(manifest["workspace"]),
  };
}

/** The guest crate with the features that a program needs. */
export function guestDependency(
  { set, ownsAllocator }: Pick<RustProgram, "set" | "ownsAllocator">,
  sdkFolder: string,
): Table {
  const features = [set === "2019" ? "set-2019" : "current", ...(ownsAllocator ? [] : ["allocator"])];
  return { path: sdkFolder, "default-features": false, features };
}

/** Name of the library that a manifest builds, in cargo's form for files. */
export function libraryName(manifest: Manifest): string {
  const name = table(manifest["lib"])["name"] ?? table(manifest["package"])["name"];
  return typeof name === "string" ? name.replaceAll("-", "_") : "program";
}

function parseManifest(text: string): Manifest {
  const reason = tomlProblem(text);
  if (reason !== null) throw new TerrariumError("TER_RUST_MANIFEST", { reason });
  try {
    return parse(text) as Manifest;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new TerrariumError("TER_RUST_MANIFEST", {
      reason: `line ${error.line}, column ${error.column}: ${error.message.split("\n")[0] ?? ""}`,
    });
  }
}

function table(value: unknown): Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

/** `http = "0.1"`, in any form. */
function isOldHttp(requirement: unknown): boolean {
  const version = typeof requirement === "string" ? requirement : table(requirement)["version"];
  return typeof version === "string" && /^[\^=~]?\s*0\.1(\D|$)/.test(version.trim());
}

/** Refuses dependencies that reach beyond the project and the registry. `name`: a manifest of the project. */
function refuseOutside(name: string, files: ProjectFiles): void {
  const manifest = parseManifest(new TextDecoder().decode(files.get(name)));
  for (const [dependency, value] of dependencyEntries(manifest)) {
    if (dependency !== "http_guest") refuseDependency(dependency, table(value), posix.dirname(name), files);
  }
  for (const key of ["patch", "replace", "source"]) {
    if (key in manifest)
      throw new TerrariumError("TER_RUST_MANIFEST", { reason: `[${key}] is not accepted` });
  }
}

function refuseDependency(name: string, dependency: Table, folder: string, files: ProjectFiles): void {
  for (const key of ["git", "registry", "registry-index"]) {
    if (!(key in dependency)) continue;
    throw new TerrariumError("TER_RUST_MANIFEST", {
      reason:
        `the dependency "${name}" comes from a ${key}; dependencies come from ` +
        `the registry, or from paths inside the project`,
    });
  }
  const path = dependency["path"];
  if (typeof path !== "string") return;
  const inside = posix.normalize(posix.join(folder, path.replaceAll("\\", "/"), "Cargo.toml"));
  if (path.startsWith("/") || !files.has(inside)) {
    throw new TerrariumError("TER_RUST_MANIFEST", {
      reason: `the dependency "${name}" is at "${path}", which is not inside the project`,
    });
  }
}

/** All dependency tables of a manifest, those of targets too. */
function dependencyEntries(manifest: Manifest): [string, unknown][] {
  const kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
  const own = kinds.flatMap((kind) => Object.entries(table(manifest[kind])));
  const ofTargets = Object.values(table(manifest["target"])).flatMap((target) =>
    kinds.flatMap((kind) => Object.entries(table(table(target)[kind]))),
  );
  return [...own, ...ofTargets, ...Object.entries(table(table(manifest["workspace"])["dependencies"]))];
}
