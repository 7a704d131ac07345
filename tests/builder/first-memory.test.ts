// What built programs may allocate before their memory grows: one that grew cannot serve the next request.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Builder, createBuilder } from "../../src/builder/index.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { projectOf, type Sources } from "./languages.ts";
import { runModule } from "./run-module.ts";

const C = `#include <stdlib.h>
#include <string.h>
#include <stdio.h>
static void *volatile kept;
void run(void) {
  size_t before = __builtin_wasm_memory_size(0);
  for (int i = 0; i < 10; i++) { kept = malloc(10000); memset(kept, i, 10000); }
  printf("%zu", __builtin_wasm_memory_size(0) - before);
}`;

const ASSEMBLYSCRIPT = `const kept: ArrayBuffer[] = [];
export function run(): void {
  const before = memory.size();
  for (let i = 0; i < 10; i++) kept.push(new ArrayBuffer(10000));
  if (memory.size() != before) unreachable();
}`;

let dataDir: string;
let builder: Builder;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "terrarium-memory-"));
  builder = createBuilder({ dataDir, limits: DEFAULT_LIMITS });
});

afterAll(async () => {
  await builder.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function run(sources: Sources, flags: readonly string[] = []): Promise<ReturnType<typeof runModule>> {
  return runModule((await builder.build(projectOf(sources), { hint: null, flags })).wasm);
}

test("a C program allocates 100 KB before its memory grows", async () => {
  expect(await run({ "src/main.c": C })).toMatchObject({ trap: null, printed: "0" });
});

test("a C program may still choose a smaller memory, which then grows", async () => {
  expect(await run({ "src/main.c": C }, ["-Wl,--initial-memory=131072"])).toMatchObject({
    trap: null,
    printed: expect.stringMatching(/^[1-9]/),
  });
});

test("an AssemblyScript program allocates 100 KB before its memory grows", async () => {
  expect(await run({ "assembly/index.ts": ASSEMBLYSCRIPT })).toMatchObject({ trap: null });
});
