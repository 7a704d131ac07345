// Finding a Rust toolchain: any current one with the WebAssembly target, or with the standard library's
// source, from which the target's library can be built.
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runCommand } from "../../compiler-host/sandbox/command.ts";

export const TARGET = "wasm32-unknown-unknown";
/** The release that introduced edition 2024, which current programs use. */
const OLDEST_MINOR = 85;

export interface RustToolchain {
  readonly rustc: string;
  readonly cargo: string;
  /** `rustc 1.96.0 (…)`, for people and fingerprints. */
  readonly version: string;
  readonly sysroot: string;
  readonly host: string;
  /** `installed`: the target's library exists; `source`: it has to be built. */
  readonly library: "installed" | "source";
  /** Arguments that name a linker; empty if rustc finds its own. */
  readonly linkerArguments: readonly string[];
}

/** What is missing for Rust, and the command that fixes it. */
export interface MissingToolchain {
  readonly reason: string;
  readonly fix: string;
}

const RUSTUP_FIX = `rustup target add ${TARGET}`;
const DEBIAN_FIX = "apt-get install rustc-web cargo-web rust-web-src lld-19";

/**
 * The first toolchain on PATH that has the target, otherwise the first from whose source the target can be
 * built.
 */
export async function findToolchain(path: string, home: string): Promise<RustToolchain | MissingToolchain> {
  return inspectToolchains(
    [...new Set([...path.split(delimiter), join(home, ".cargo", "bin"), "/usr/local/bin", "/usr/bin"])],
    { PATH: path, HOME: home },
  );
}

/** The same, among the toolchains in these folders. */
export async function inspectToolchains(
  folders: readonly string[],
  env: Record<string, string>,
): Promise<RustToolchain | MissingToolchain> {
  const found: RustToolchain[] = [];
  let reason = "No Rust toolchain was found";
  for (const folder of folders) {
    const candidate = await inspect(folder, folders, env);
    if (candidate === null) continue;
    if (typeof candidate === "string") reason = candidate;
    else if (candidate.library === "installed") return candidate;
    else found.push(candidate);
  }
  return (
    found[0] ?? {
      reason,
      fix: reason.includes(TARGET) ? `${RUSTUP_FIX}, or ${DEBIAN_FIX}` : DEBIAN_FIX,
    }
  );
}

/** True if something is missing. */
export function isToolchainMissing(
  toolchain: RustToolchain | MissingToolchain,
): toolchain is MissingToolchain {
  return "reason" in toolchain;
}

/** The toolchain of one folder; null if there is none, a text if it is unsuitable. */
async function inspect(
  folder: string,
  folders: readonly string[],
  env: Record<string, string>,
): Promise<RustToolchain | string | null> {
  const rustc = join(folder, "rustc"),
    cargo = join(folder, "cargo");
  if (!existsSync(rustc) || !existsSync(cargo)) return null;
  const [about, [sysroot = ""]] = await Promise.all([
    ask(rustc, ["-vV"], env),
    ask(rustc, ["--print", "sysroot"], env),
  ]);
  const version = about[0] ?? "",
    host = about.find((line) => line.startsWith("host: "))?.slice(6) ?? "";
  const minor = Number(/^rustc 1\.(\d+)/.exec(version)?.[1] ?? 0);
  if (sysroot === "" || host === "") return `${rustc} does not run`;
  if (minor < OLDEST_MINOR) return `${version} is too old: 1.${OLDEST_MINOR} or newer is needed`;
  const rustlib = join(sysroot, "lib", "rustlib");
  const installed = existsSync(join(rustlib, TARGET, "lib"));
  if (!installed && !existsSync(join(rustlib, "src", "rust", "library", "std")))
    return `${version} has neither the target ${TARGET} nor the library's source`;
  const linkerArguments = findLinker(rustlib, host, folders);
  if (linkerArguments === null) return `${version} has no linker for ${TARGET}: install lld`;
  const own = (name: string): string =>
    existsSync(join(sysroot, "bin", name)) ? join(sysroot, "bin", name) : join(folder, name);
  return {
    rustc: own("rustc"),
    cargo: own("cargo"),
    version,
    sysroot,
    host,
    library: installed ? "installed" : "source",
    linkerArguments,
  };
}

/** Arguments for the linker: none where rustc has its own. Null if there is no linker. */
function findLinker(rustlib: string, host: string, folders: readonly string[]): string[] | null {
  if (existsSync(join(rustlib, host, "bin", "rust-lld"))) return [];
  const linkers = folders.flatMap((folder) => {
    const names = existsSync(folder)
      ? readdirSync(folder).filter((name) => /^wasm-ld(-\d+)?$/.test(name))
      : [];
    return names.map((name) => join(folder, name)).filter((file) => existsSync(file));
  });
  const [newest] = linkers.toSorted(
    (a, b) => Number(/\d+$/.exec(b)?.[0] ?? 0) - Number(/\d+$/.exec(a)?.[0] ?? 0),
  );
  return newest === undefined ? null : ["-Clinker-flavor=wasm-ld", `-Clinker=${newest}`];
}

async function ask(file: string, args: readonly string[], env: Record<string, string>): Promise<string[]> {
  const lines: string[] = [];
  const command = { file, arguments: args, cwd: "/", env };
  const code = await runCommand(
    command,
    { onStdout: (line) => lines.push(line) },
    AbortSignal.timeout(30_000),
  ).catch(() => 1);
  return code === 0 ? lines : [];
}
