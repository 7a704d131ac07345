// A program built by plain cargo on a person's own machine, and what the platform makes of its module and of
// the module's text.
import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { readdirSync, readFileSync } from "node:fs";
import wabt from "wabt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultRustSettings } from "../../src/languages/rust/index.ts";
import { readFolder } from "../../src/project/index.ts";
import { findPreparedSet, targetFlags, toolchainKey } from "../../src/languages/rust/crate-sets.ts";
import { findToolchain, isToolchainMissing } from "../../src/languages/rust/toolchain.ts";
import { temporaryFolder, terrarium } from "../e2e/platform.ts";
import { World } from "../hostcalls/world.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./toolchain.ts";

describe.skipIf(!isRustTested)("a crate on one's own machine", () => {
  const folder = temporaryFolder();
  const project = join(folder.path, "my-program");
  let world: World;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    await prepareRust();
    world = await World.open();
    environment = { ...process.env, ...(await flagsWithoutTarget()) };
    const made = await terrarium(["new", "-t", "empty-rust", project]);
    expect(made.code, made.stderr).toBe(0);
  }, PREPARATION_MS);
  afterAll(async () => {
    await world?.close();
    folder[Symbol.dispose]();
  });

  const cargo = (profile: "debug" | "release"): Uint8Array => {
    execFileSync("cargo", ["build", ...(profile === "release" ? ["--release"] : [])], {
      cwd: project,
      env: environment,
      stdio: "ignore",
    });
    return readFileSync(join(project, "target/wasm32-unknown-unknown", profile, "my_program.wasm"));
  };

  it.each(["debug", "release"] as const)(
    "is built by plain cargo (%s), and the module runs",
    async (profile) => {
      const guest = await world.program(`own-${profile}`, new Map([["module.wasm", cargo(profile)]]));
      expect(await guest.ask("/")).toMatchObject({ fault: null, said: "Hello from Rust" });
    },
  );

  it("runs as text too, printed from the module with its debug names", async () => {
    const module = (await wabt()).readWasm(cargo("debug"), { readDebugNames: true });
    module.applyNames();
    const text = module.toText({ foldExprs: false, inlineExport: false });
    module.destroy();
    expect(text.length).toBeGreaterThan(2_000_000);
    const guest = await world.program("own-text", new Map([["src/main.wat", Buffer.from(text)]]));
    expect(await guest.ask("/")).toMatchObject({ fault: null, said: "Hello from Rust" });
  });

  it("is uploaded without what cargo built, and built by the platform as it is", async () => {
    cargo("debug");
    const files = await readFolder(project);
    expect([...files.keys()].filter((name) => name.startsWith("target/"))).toEqual([]);
    const guest = await world.program("own-folder", files);
    expect(await guest.ask("/")).toMatchObject({ fault: null, said: "Hello from Rust" });
    expect(readdirSync(project)).toContain("target");
  });
});

/**
 * Where the toolchain brings only the library's source, cargo is told of the library that was built from it.
 */
async function flagsWithoutTarget(): Promise<NodeJS.ProcessEnv> {
  const settings = defaultRustSettings();
  const toolchain = await findToolchain(settings.path, homedir());
  if (isToolchainMissing(toolchain)) throw new Error(toolchain.reason);
  if (toolchain.library === "installed") return { RUSTC: toolchain.rustc };
  const set = await findPreparedSet(settings.cacheFolder, await toolchainKey(toolchain), "current");
  const flags = targetFlags(set!.sysroot, toolchain, settings.home).filter(
    (flag) => !flag.includes("http_guest_on_platform"),
  );
  return {
    RUSTC: toolchain.rustc,
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
    PATH: `${join(toolchain.cargo, "..")}:${settings.path}`,
  };
}
