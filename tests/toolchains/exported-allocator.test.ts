// Programs that never call `hostcall_init_mm`, as toolchains make them that know nothing of it: an allocator
// that they export is used.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectOf } from "../builder/languages.ts";
import { World } from "../hostcalls/world.ts";

const C = `#include "http_hostcalls.h"
void run(void)
{
    char *path;
    size_t length;
    hostcall_req_get_path(&path, &length, REQUEST_INCOMING);
    hostcall_resp_set_body(RESPONSE_OUTGOING, path, length);
}
`;

function wat(...exports: string[]): Record<string, string> {
  return {
    "src/main.wat": `(module
      (import "env" "hostcall_req_get_path" (func $path (param i32 i32 i32))) (memory 1)
      (func $malloc (param i32) (result i32) (i32.const 1024)) (func $free (param i32))
      ${exports.join("\n")}
      (func (export "run") (call $path (i32.const 0) (i32.const 4) (i32.const 0))))`,
  };
}

describe("a program that names no allocator", () => {
  let world: World;
  beforeAll(async () => void (world = await World.open()));
  afterAll(() => world?.close());

  it("is given what hostcalls return by its exported malloc, in every run", async () => {
    const flags = ["-Wl,--export=malloc", "-Wl,--export=free"];
    const guest = await world.program("exported-c", projectOf({ "src/main.c": C }), 1024, flags);
    for (const path of ["/one", "/two"])
      expect(await guest.ask(path)).toMatchObject({ fault: null, said: path });
  });

  it.each([
    ["exports malloc alone", ['(export "malloc" (func $malloc))']],
    ["exports a malloc of another type", ['(export "malloc" (func $free))', '(export "free" (func $free))']],
    ["exports a memory as malloc", ['(export "malloc" (memory 0))', '(export "free" (func $free))']],
  ])("and %s is told that it has none", async (what, exports) => {
    const guest = await world.program(what.replaceAll(" ", "-"), projectOf(wat(...exports)));
    expect((await guest.ask("/")).fault).toContain("never called hostcall_init_mm");
  });
});
