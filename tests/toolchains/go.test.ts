// What Go's runtime needs of the platform: a clock, a scheduler's waiting, and a log for what it prints.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Guest } from "../hostcalls/feature.ts";
import { World } from "../hostcalls/world.ts";
import { compile, GO, isTested } from "./toolchains.ts";

const COMPILE_MS = 5 * 60_000;

describe.skipIf(!isTested(GO))("a program by Go", () => {
  const folder = mkdtempSync(join(tmpdir(), "terrarium-go-"));
  let world: World;
  let guest: Guest;
  beforeAll(async () => {
    world = await World.open();
    const file = join(folder, "module.wasm");
    compile(GO, "goroutines", file);
    guest = await world.program("go", new Map([["module.wasm", readFileSync(file)]]));
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
