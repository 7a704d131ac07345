// Builds src/languages/wat/assembler.wasm from the crate beside it, and writes down what it was built from.
// Equal sources give equal bytes with the same compiler: everything that could differ between machines is
// fixed. Run by `npm run build:wat`.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash, hash } from "node:crypto";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findPreparedSet, targetFlags, toolchainKey } from "../src/languages/rust/crate-sets.ts";
import { defaultRustSettings, RustCompiler } from "../src/languages/rust/index.ts";
import { findToolchain, isToolchainMissing } from "../src/languages/rust/toolchain.ts";

/** What a committed module was built from. */
export interface AssemblerOrigin {
  /** The compiler, as it names itself. */
  readonly rustc: string;
  /** Digest of the crate's files. */
  readonly sources: string;
  /** Digest of the module. */
  readonly module: string;
}

const FOLDER = join(import.meta.dirname, "..", "src", "languages", "wat");
const CRATE = join(FOLDER, "assembler");
export const MODULE_FILE = join(FOLDER, "assembler.wasm");
export const ORIGIN_FILE = join(CRATE, "origin.json");
/** cargo puts a crate's path into the names of its symbols. */
const FIXED_FOLDER = "/tmp/terrarium-wat-assembler";
const FILES = ["Cargo.toml", "Cargo.lock"];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { module, rustc } = await buildAssembler();
  writeFileSync(MODULE_FILE, module);
  const origin = { rustc, sources: sourcesDigest(), module: hash("sha256", module) };
  writeFileSync(ORIGIN_FILE, `${JSON.stringify(origin, null, 2)}\n`);
}

/** Digest of everything that the module is built from. */
export function sourcesDigest(): string {
  const names = [...FILES, ...readdirSync(join(CRATE, "src")).map((name) => join("src", name))];
  const digest = createHash("sha256");
  for (const name of names.toSorted()) digest.update(`${name}\0`).update(readFileSync(join(CRATE, name)));
  return digest.digest("hex");
}

/** Builds the crate with this machine's toolchain. */
export async function buildAssembler(): Promise<{ readonly module: Uint8Array; readonly rustc: string }> {
  const settings = defaultRustSettings();
  const toolchain = await findToolchain(settings.path, settings.home);
  if (isToolchainMissing(toolchain)) throw new Error(`${toolchain.reason}. Run: ${toolchain.fix}`);
  const compiler = new RustCompiler(settings);
  await compiler.prewarm((text) => process.stderr.write(text));
  const set = await findPreparedSet(settings.cacheFolder, await toolchainKey(toolchain), "current");
  if (set === null) throw new Error("Cannot prepare the Rust toolchain");
  rmSync(FIXED_FOLDER, { recursive: true, force: true });
  mkdirSync(FIXED_FOLDER, { recursive: true });
  for (const name of FILES) copyFileSync(join(CRATE, name), join(FIXED_FOLDER, name));
  cpSync(join(CRATE, "src"), join(FIXED_FOLDER, "src"), { recursive: true });
  const flags = [...targetFlags(set.sysroot, toolchain, homedir()), "-Clink-arg=-zstack-size=1048576"];
  const { status } = spawnSync(
    toolchain.cargo,
    ["build", "--release", "--locked", "--target=wasm32-unknown-unknown"],
    {
      cwd: FIXED_FOLDER,
      stdio: "inherit",
      env: {
        PATH: [dirname(toolchain.rustc), settings.path].join(":"),
        HOME: homedir(),
        RUSTC: toolchain.rustc,
        RUSTC_BOOTSTRAP: "1",
        CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
      },
    },
  );
  if (status !== 0) throw new Error("cargo could not build the assembler");
  const file = join(FIXED_FOLDER, "target/wasm32-unknown-unknown/release/wat_assembler.wasm");
  const module = readFileSync(file);
  rmSync(FIXED_FOLDER, { recursive: true, force: true });
  return { module, rustc: toolchain.version };
}
