// Programs by compilers that are not the platform's own: each reads the request and answers, deployed as
// `module.wasm` like a stranger's.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { compile, isTested, TOOLCHAINS } from "./toolchains.ts";

const COMPILE_MS = 5 * 60_000;

const folder = temporaryFolder();
let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(join(folder.path, "data"), ["--log-level", "silent"]);
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

for (const toolchain of TOOLCHAINS) {
  const { name } = toolchain;
  describe.skipIf(!isTested(toolchain))(`a program by ${name}`, () => {
    it(
      "reads the request and answers, the same each time",
      async () => {
        const module = join(folder.path, `${name}.wasm`);
        compile(toolchain, `${name.toLowerCase()}`, module);
        const { id } = await platform.deploy(module);
        for (const body of ["", "hello", "hello"]) {
          const answer = await platform.ask(id, "/a?b=c", { method: "POST", body });
          expect([answer.status, answer.text]).toEqual([200, `${name}: POST /a?b=c ${body}\n`]);
        }
      },
      COMPILE_MS,
    );
  });
}
