// Toolchains that are shell scripts: which one is chosen, and what the user is told.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inspectToolchains, isToolchainMissing } from "./toolchain.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "terrarium-toolchains-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Parts {
  readonly version?: string;
  readonly target?: boolean;
  readonly source?: boolean;
  readonly ownLinker?: boolean;
}

/** Creates a toolchain; returns the folder of its programs. */
const toolchain = (
  name: string,
  { version = "1.96.0", target = false, source = false, ownLinker = true }: Parts,
): string => {
  const sysroot = join(root, name),
    bin = join(sysroot, "bin"),
    rustlib = join(sysroot, "lib", "rustlib");
  const host = "x86_64-unknown-linux-gnu";
  for (const folder of [
    bin,
    join(rustlib, host, "bin"),
    ...(target ? [join(rustlib, "wasm32-unknown-unknown/lib")] : []),
    ...(source ? [join(rustlib, "src/rust/library/std")] : []),
  ])
    mkdirSync(folder, { recursive: true });
  script(
    join(bin, "rustc"),
    `if [ "$1" = -vV ]; then echo "rustc ${version} (test)"; echo "host: ${host}"; else echo ${sysroot}; fi`,
  );
  script(join(bin, "cargo"), "exit 0");
  if (ownLinker) writeFileSync(join(rustlib, host, "bin/rust-lld"), "");
  return bin;
};
const script = (file: string, text: string): void => {
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
};
const find = (...folders: string[]) =>
  inspectToolchains(folders, { PATH: [...folders, "/usr/bin", "/bin"].join(delimiter), HOME: root });

test("one with the target is taken before one whose library has to be built", async () => {
  const [source, installed] = [
    toolchain("source", { source: true }),
    toolchain("installed", { target: true }),
  ];
  expect(await find(source, installed)).toMatchObject({
    rustc: join(installed, "rustc"),
    library: "installed",
    linkerArguments: [],
  });
});

test("one with neither target nor source is passed over", async () => {
  const [bare, source] = [toolchain("bare", {}), toolchain("source", { source: true })];
  expect(await find(bare, source)).toMatchObject({ rustc: join(source, "rustc"), library: "source" });
});

test("the newest linker beside it is taken where it has none of its own", async () => {
  const bin = toolchain("debian", { source: true, ownLinker: false });
  for (const name of ["wasm-ld-9", "wasm-ld-19"]) script(join(bin, name), "exit 0");
  expect(await find(bin)).toMatchObject({
    linkerArguments: ["-Clinker-flavor=wasm-ld", `-Clinker=${join(bin, "wasm-ld-19")}`],
  });
});

test.each([
  [
    "nothing is there",
    () => [],
    /No Rust toolchain was found/,
    /apt-get install rustc-web cargo-web rust-web-src lld-19/,
  ],
  [
    "it is too old",
    () => [toolchain("old", { version: "1.63.0", target: true })],
    /1\.63\.0.* too old: 1\.85 or newer/,
    /apt-get install/,
  ],
  [
    "target and source are missing",
    () => [toolchain("bare", {})],
    /neither the target wasm32-unknown-unknown nor/,
    /rustup target add wasm32-unknown-unknown, or apt-get/,
  ],
  [
    "the linker is missing",
    () => [toolchain("linkless", { source: true, ownLinker: false })],
    /no linker.*install lld/,
    /apt-get install/,
  ],
] as const)("says what is missing, and what fixes it, when %s", async (_, folders, reason, fix) => {
  const found = await find(...folders());
  if (!isToolchainMissing(found)) throw new Error("found one");
  expect(found.reason).toMatch(reason);
  expect(found.fix).toMatch(fix);
});
