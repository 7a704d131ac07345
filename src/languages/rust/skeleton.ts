// A project's manifests around empty sources: all that is left to compile are its dependencies.
import { posix } from "node:path";
import { parse } from "smol-toml";

type Table = Readonly<Record<string, unknown>>;

/** Files of the skeleton, by name. `manifests`: every Cargo.toml and Cargo.lock of the project, by name. */
export function skeletonOf(manifests: Readonly<Record<string, string>>): Map<string, string> {
  const files = new Map(Object.entries(manifests));
  for (const [name, text] of Object.entries(manifests)) {
    if (!name.endsWith(".toml")) continue;
    const manifest = parse(text) as Table;
    const folder = posix.dirname(name);
    for (const [source, content] of sources(manifest)) {
      const path = posix.normalize(posix.join(folder, source));
      // The files are written outside the sandbox.
      if (!source.startsWith("/") && path !== ".." && !path.startsWith("../")) files.set(path, content);
    }
  }
  return files;
}

/** Names of the packages that are the project's own. */
export function packageNames(manifests: Readonly<Record<string, string>>): string[] {
  const tables = Object.entries(manifests)
    .filter(([name]) => name.endsWith(".toml"))
    .map(([, text]) => parse(text)["package"] as Table | undefined);
  return tables.map((own) => own?.["name"]).filter((name) => typeof name === "string");
}

function* sources(manifest: Table): Generator<[string, string]> {
  const { package: own, lib } = manifest as { package?: Table; lib?: Table };
  if (own === undefined) return;
  yield [pathOr(lib, "src/lib.rs"), ""];
  for (const kind of ["bin", "example", "test", "bench"]) {
    for (const entry of (manifest[kind] as Table[] | undefined) ?? [])
      if (typeof entry["path"] === "string") yield [entry["path"], "fn main() {}"];
  }
  // Crates for the build script are compiled only where there is one.
  if ("build-dependencies" in manifest)
    yield [typeof own["build"] === "string" ? own["build"] : "build.rs", "fn main() {}"];
}

function pathOr(table: Table | undefined, otherwise: string): string {
  return typeof table?.["path"] === "string" ? table["path"] : otherwise;
}
