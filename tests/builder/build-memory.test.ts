// Builds together stay within their memory: the one that uses most ends, with the processes that it started.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBuilder } from "../../src/builder/index.ts";
import { BuildMemory } from "../../src/compiler-host/build-memory.ts";
import { runCommand } from "../../src/compiler-host/sandbox/command.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { LANGUAGES, projectOf } from "./languages.ts";

const MIB = 2 ** 20;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "terrarium-build-memory-"));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test("a compiler that needs more is ended, and the next build works", async () => {
  const { endless, good } = LANGUAGES.find(({ language }) => language === "c") ?? {};
  const options = { dataDir, limits: DEFAULT_LIMITS };
  const build = { hint: null, flags: [] };
  const small = createBuilder({ ...options, memoryBytes: 16 * MIB });
  await expect(small.build(projectOf(endless ?? {}), build)).rejects.toMatchObject({
    code: "TER_BUILD_MEMORY",
    message: expect.stringMatching(
      /^The c build used \d+ MiB of memory; all builds together have a limit of 16 MiB$/,
    ),
  });
  await small.close();
  const large = createBuilder({ ...options, memoryBytes: 2048 * MIB });
  await expect(large.build(projectOf(good ?? {}), build)).resolves.toMatchObject({ language: "c" });
  await large.close();
});

test("of two builds the larger ends, whose children use the memory", async () => {
  const memory = new BuildMemory(300 * MIB);
  const run = (mebibytes: number): Promise<unknown> => {
    const hold = `globalThis.held = Buffer.alloc(${mebibytes} * 2 ** 20, 1); setInterval(() => {}, 1e6)`;
    const command = {
      file: "/bin/sh",
      arguments: ["-c", `"$0" -e '${hold}' & wait`, process.execPath],
      cwd: "/",
      env: {},
    };
    const controller = new AbortController();
    const { signal } = controller;
    const build = { signal, language: "rust", end: (error: unknown) => controller.abort(error) };
    const over = memory.during(build, () => runCommand(command, {}, signal));
    return Promise.race([over, new Promise((resolve) => setTimeout(() => resolve(controller), 8000))]);
  };
  const [small, large] = await Promise.allSettled([run(50), run(280)]);
  expect(large).toMatchObject({ status: "rejected", reason: { code: "TER_BUILD_MEMORY" } });
  expect(small.status).toBe("fulfilled");
  if (small.status === "fulfilled") (small.value as AbortController).abort();
});
