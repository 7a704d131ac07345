// What a fault says about its source location, by language, to the client and in the log.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeProject } from "./programs.ts";
import { Platform, temporaryFolder } from "./platform.ts";

const C = `#include "http_hostcalls.h"

static volatile int zero;

static int divide(int by) {
  return 10 / by;
}

void run(void) {
  char digit = (char)('0' + divide(zero));
  hostcall_resp_set_body(RESPONSE_OUTGOING, &digit, 1);
}
`;
const ASSEMBLYSCRIPT = `import { Request, Response, run_user } from "./http_guest";

function divide(by: i32): i32 {
  return 10 / by;
}

export function run(): void {
  run_user((request: Request): Response => {
    const response = new Response();
    response.status = <u16>divide(request.url.length - 1);
    return response;
  });
}
`;

const folder = temporaryFolder();
let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(join(folder.path, "data"), ["--edges", "1"]);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

describe("a fault", () => {
  it.each([
    ["C", { "src/main.c": C }, /division by zero/, /\bsrc\/main\.c:6:\d+\)/],
    [
      "AssemblyScript",
      { "assembly/index.ts": ASSEMBLYSCRIPT },
      /division by zero/,
      /\bassembly\/index\.ts:4:\d+\)/,
    ],
  ])(
    "of %s names file and line",
    async (language, sources, what, where) => {
      const { id } = await platform.deploy(writeProject(join(folder.path, language), sources));
      // The first one may be answered before the compiler's process is up.
      await expect
        .poll(async () => (await platform.ask(id, "/")).text, { timeout: 30_000, interval: 500 })
        .toMatch(where);
      const { status, text } = await platform.ask(id, "/");
      expect([status, text]).toEqual([500, expect.stringMatching(what)]);
      await expect
        .poll(async () => (await platform.ask("", `/api/v1/deployments/${id}/logs`)).text)
        .toMatch(where);
    },
    90_000,
  );

  it("has no other way to ask for source locations from outside", async () => {
    const options = {
      method: "POST",
      headers: { "content-type": "application/json", "X-Terrarium-Client": "" },
      body: '{"id":"a-b-c-d","offsets":[1]}',
    };
    expect((await platform.ask("", "/internal/symbolize", options)).status).toBe(404);
  });
});
