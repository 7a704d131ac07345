// Whether Rust is tested on this machine, and the crates that programs are built against. In continuous
// integration it always is.
import { RustCompiler } from "../../src/languages/rust/compiler.ts";
import { defaultRustSettings } from "../../src/languages/rust/settings.ts";
import { findToolchain, isToolchainMissing } from "../../src/languages/rust/toolchain.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { homedir } from "node:os";

/** Both sets from nothing, the standard library included, on a slow machine. */
export const PREPARATION_MS = 30 * 60_000;

const found = await findToolchain(readEnvironment().path, homedir());

/** True if tests of Rust run. */
export const isRustTested = readEnvironment().ci || !isToolchainMissing(found);

if (!isRustTested && isToolchainMissing(found))
  process.stderr.write(`\n*** RUST IS NOT TESTED: ${found.reason}. Fix it with: ${found.fix}\n\n`);

/** Prepares the crates of both sets; quick if they are there. */
export async function prepareRust(): Promise<void> {
  if (!isRustTested) return;
  const compiler = new RustCompiler(defaultRustSettings());
  await compiler.prewarm((text) => process.stderr.write(text));
  await compiler.close();
}
