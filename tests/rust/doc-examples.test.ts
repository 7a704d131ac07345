// The examples in the documentation of the guest crate. The host lacks the hostcalls, so those that call one
// are only compiled (`no_run`).
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RUST_SDK_FOLDER } from "../../src/languages/rust/crate-sets.ts";
import { findToolchain, isToolchainMissing } from "../../src/languages/rust/toolchain.ts";
import { runCommand } from "../../src/compiler-host/sandbox/command.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./toolchain.ts";

const CARGO_MS = 10 * 60_000;

describe.skipIf(!isRustTested)("the guest crate's documentation", () => {
  const target = mkdtempSync(join(tmpdir(), "terrarium-doc-examples-"));
  // Preparing downloads the crates that the examples need as well.
  beforeAll(prepareRust, PREPARATION_MS);
  afterAll(() => rmSync(target, { recursive: true, force: true }));

  it.each([
    ["current", examplesOfSources() + examplesOfReadme()],
    ["2019", examplesOfSources()],
  ])(
    "has examples that compile with the set %s",
    async (set, count) => {
      const said = await testExamples(set, join(target, set));
      expect(said).toContain(`test result: ok. ${count} passed; 0 failed; 0 ignored`);
    },
    CARGO_MS,
  );
});

/** What cargo says of the examples. */
async function testExamples(set: string, target: string): Promise<string> {
  const { path } = readEnvironment();
  const toolchain = await findToolchain(path, homedir());
  if (isToolchainMissing(toolchain)) throw new Error(toolchain.reason);
  // Compiler and rustdoc are those beside the cargo that was found, not whichever comes first on PATH.
  const env = {
    PATH: [dirname(toolchain.rustc), path].join(delimiter),
    HOME: homedir(),
    CARGO_TARGET_DIR: target,
  };
  const manifest = join(RUST_SDK_FOLDER, "sets", set, "Cargo.toml");
  const lines: string[] = [];
  const listener = {
    onStdout: (line: string) => lines.push(line),
    onStderr: (line: string) => lines.push(line),
  };
  const args = [
    "test",
    "--doc",
    "--package=http_guest",
    "--offline",
    "--locked",
    `--manifest-path=${manifest}`,
  ];
  await runCommand(
    { file: toolchain.cargo, arguments: args, cwd: RUST_SDK_FOLDER, env },
    listener,
    AbortSignal.timeout(CARGO_MS),
  );
  return lines.join("\n");
}

function examplesOfSources(): number {
  const files = readdirSync(join(RUST_SDK_FOLDER, "src"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".rs"),
  );
  const fences = files.flatMap(
    (name) => readFileSync(join(RUST_SDK_FOLDER, "src", name), "utf8").match(/^\s*\/\/[/!] ```/gm) ?? [],
  );
  return fences.length / 2;
}

function examplesOfReadme(): number {
  return (readFileSync(join(RUST_SDK_FOLDER, "README.md"), "utf8").match(/^```rust/gm) ?? []).length;
}
