// What a client reads when a program in C or AssemblyScript runs out of memory, and that a program which
// handles it succeeds.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { deploySources } from "./deploy.ts";

const ALLOWED = /its memory limit was reached: used [\d.]+ MiB, requested [\d.]+ (KiB|MiB) more, limit 2 MiB/;

const data = temporaryFolder();
let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(data.path, ["--edges", "1", "--limit", "memoryPages=32"]);
});
afterAll(async () => {
  await platform.stop();
  data[Symbol.dispose]();
});

/** A C program that allocates until it gets nothing, and then does this. */
const hungryC = (then: string): string => `#include "http_hostcalls.h"
#include <stdlib.h>
#include <string.h>
/* Where the compiler cannot see that it is never read. */
static char *volatile kept;
void run(void) {
  for (;;) { kept = malloc(100000); if (kept == NULL) break; memset(kept, 1, 100000); }
  ${then}
}`;

const HUNGRY_ASSEMBLYSCRIPT = `import { Request, Response, run_user } from "./http_guest";
export function run(): void {
  run_user((request: Request): Response => {
    const kept: u8[] = [];
    for (;;) kept.push(1);
    return new Response();
  });
}`;

test("C that aborts without memory is told its limit, the trap and its source location", async () => {
  const id = await deploySources(platform, { "src/main.c": hungryC("abort();") });
  const { status, text } = await platform.ask(id, "/");
  expect(status).toBe(500);
  expect(text).toMatch(/^The program trapped: unreachable code was reached; before that, its /);
  expect(text).toMatch(ALLOWED);
  expect(text).toContain("abort");
});

test("C that copes without memory answers", async () => {
  const id = await deploySources(platform, {
    "src/main.c": hungryC('hostcall_resp_set_body(RESPONSE_OUTGOING, "enough", 6);'),
  });
  expect(await platform.ask(id, "/")).toMatchObject({ status: 200, text: "enough" });
});

test("AssemblyScript whose array grows too large is told its limit", async () => {
  const id = await deploySources(platform, { "assembly/index.ts": HUNGRY_ASSEMBLYSCRIPT });
  const { status, text } = await platform.ask(id, "/");
  expect(status).toBe(500);
  expect(text).toMatch(ALLOWED);
});
