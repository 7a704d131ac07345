// The files with which cargo builds a program on a person's own machine, as the platform does.
import { stringify } from "smol-toml";
import type { ProjectFiles } from "../../project/files.ts";
import { offeredCrates, RUST_SDK_FOLDER } from "./crate-sets.ts";
import { guestDependency, ownsAllocator } from "./program.ts";
import { TARGET } from "./toolchain.ts";

/**
 * `Cargo.toml`, `.cargo/config.toml` and `.gitignore` for a program of today without a manifest; none for one
 * that has its own.
 */
export async function localProjectFiles(name: string, files: ProjectFiles): Promise<Map<string, string>> {
  if (files.has("Cargo.toml") || !files.has("src/lib.rs")) return new Map();
  return new Map([
    [
      "Cargo.toml",
      stringify({
        package: { name: packageName(name), version: "0.1.0", edition: "2024" },
        lib: { "crate-type": ["cdylib"] },
        dependencies: {
          http_guest: ownsAllocator(files)
            ? guestDependency({ set: "current", ownsAllocator: true }, RUST_SDK_FOLDER)
            : { path: RUST_SDK_FOLDER },
          ...(await usedCrates(files)),
        },
      }),
    ],
    [
      ".cargo/config.toml",
      stringify({
        build: { target: TARGET },
        target: {
          [TARGET]: {
            rustflags: [
              '--cfg=getrandom_backend="custom"',
              "-Clink-arg=--stack-first",
              "-Clink-arg=--allow-undefined",
            ],
          },
        },
        profile: { release: { panic: "abort", lto: "fat", "opt-level": 3 } },
      }),
    ],
    [".gitignore", "target/\n"],
  ]);
}

/** The crates of the set that the sources name, each with the features that the set has. */
async function usedCrates(files: ProjectFiles): Promise<Record<string, unknown>> {
  const text = [...files]
    .filter(([name]) => name.endsWith(".rs"))
    .map(([, bytes]) => new TextDecoder().decode(bytes))
    .join("\n");
  const offered = Object.entries(await offeredCrates("current")).filter(
    ([name]) => name !== "http_guest" && new RegExp(`\\b${name}(::|;)`).test(text),
  );
  return Object.fromEntries(
    offered.map(([name, { version, features }]) => [
      name,
      features.length === 0 ? version : { version, features },
    ]),
  );
}

/** A folder's name as a package may be called. */
function packageName(name: string): string {
  const clean = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
  return clean === "" ? "program" : clean;
}
