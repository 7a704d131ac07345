// A build that is stopped keeps what it has finished, so that the next one goes on from there.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBuilder } from "../../src/builder/index.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { LANGUAGES, projectOf } from "./languages.ts";
import { runModule } from "./run-module.ts";

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "terrarium-unfinished-"));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Says when it was compiled, to the second. */
const STAMP = '#warning compiling\nconst char *stamp(void) { return __DATE__ " " __TIME__; }\n';
const MAIN = "#include <stdio.h>\nconst char *stamp(void);\nvoid run(void) { fputs(stamp(), stdout); }\n";

test("objects of C files outlive a build that is stopped", async () => {
  const { endless } = LANGUAGES.find(({ language }) => language === "c") ?? {};
  const [slow = ""] = Object.values(endless ?? {});
  const builder = createBuilder({ dataDir, limits: DEFAULT_LIMITS });
  const files = (last: string) => projectOf({ "src/a.c": STAMP, "src/m.c": MAIN, "src/z.c": last });
  const controller = new AbortController();
  const stopped = new Error("stopped");
  const onEvent = (event: { readonly kind: string; readonly text?: string }): void => {
    // The compiler is past the first file, and works on the endless one soon.
    if (event.kind === "output" && event.text?.includes("compiling") === true)
      void setTimeout(1500).then(() => controller.abort(stopped));
  };
  const build = { hint: null, flags: [], onEvent };
  const unfinished = builder.build(files(slow.replaceAll("run", "never")), {
    ...build,
    signal: controller.signal,
  });
  await expect(unfinished).rejects.toBe(stopped);
  const stoppedAt = Date.now();
  await setTimeout(1500);
  const { wasm } = await builder.build(files("int unused;\n"), build);
  const compiledAt = Date.parse(`${runModule(wasm).printed} UTC`);
  expect(compiledAt).toBeGreaterThan(0);
  expect(compiledAt).toBeLessThan(stoppedAt);
  await builder.close();
});
