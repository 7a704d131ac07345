// A program by Go's own compiler: a WASI module with a runtime, a scheduler and a collector of its own.
// Nothing in the platform needs Go, so without it this file is skipped, and says so.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Guest } from "../hostcalls/feature.ts";
import { World } from "../hostcalls/world.ts";

const COMPILE_MS = 5 * 60_000;
/** `//go:wasmexport` and c-shared modules came with this release. */
const OLDEST_MINOR = 24;

const isTested = hasGo();
if (!isTested) process.stderr.write("\n*** GO IS NOT TESTED: install Go 1.24 or newer\n\n");

describe.skipIf(!isTested)("a program by Go", () => {
  const folder = mkdtempSync(join(tmpdir(), "terrarium-go-"));
  let world: World;
  let guest: Guest;
  beforeAll(async () => {
    world = await World.open();
    guest = await world.program("go", new Map([["module.wasm", compile(join(folder, "module.wasm"))]]));
  }, COMPILE_MS);
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("answers, goroutines included, and prints to the log", async () => {
    const { fault, said, log } = await guest.ask("/", {});
    expect([fault, said]).toEqual([null, "Go [0 1 4 9 16]"]);
    expect(log).toEqual(["stdout: to the log"]);
  });

  it("starts afresh for each request", async () => {
    expect((await guest.ask("/", {})).said).toBe((await guest.ask("/", {})).said);
  });
});

function compile(file: string): Uint8Array {
  execFileSync("go", ["build", "-buildmode=c-shared", "-o", file, "."], {
    cwd: join(import.meta.dirname, "go"),
    env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm", GOFLAGS: "", GOWORK: "off" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return readFileSync(file);
}

function hasGo(): boolean {
  const { stdout } = spawnSync("go", ["version"], { encoding: "utf8" });
  return Number(/go1\.(\d+)/.exec(stdout ?? "")?.[1] ?? 0) >= OLDEST_MINOR;
}
