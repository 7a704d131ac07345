// One contract for all compilers: what builds, what fails and how, and that nothing a project does outlives
// its build.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Build, type Builder, BuildFailure, createBuilder } from "../../src/builder/index.ts";
import { type BuildEvent } from "../../src/compiler-host/index.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { LANGUAGES, projectOf, type Sources } from "./languages.ts";

const KEPT_BYTES = 16 * 1024;
let dataDir: string;
let builder: Builder;
let impatient: Builder;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "terrarium-build-"));
  builder = createBuilder({ dataDir, limits: { ...DEFAULT_LIMITS, buildLogBytes: KEPT_BYTES } });
  impatient = createBuilder({
    dataDir: join(dataDir, "impatient"),
    limits: { ...DEFAULT_LIMITS, buildMs: 3000 },
  });
});

afterAll(async () => {
  await Promise.all([builder.close(), impatient.close()]);
  await rm(dataDir, { recursive: true, force: true });
});

function build(
  sources: Sources,
  options: { onEvent?: (event: BuildEvent) => void; signal?: AbortSignal; flags?: string[] } = {},
): Promise<Build> {
  return builder.build(projectOf(sources), { hint: null, flags: [], ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("the build must fail"),
    (error: unknown) => error,
  );
}

describe.each(LANGUAGES)("$language", ({ language, good, edited, broken, endless, hungry, talkative }) => {
  test("builds a program into a module that exports run", async () => {
    const { wasm, ...rest } = await build(good);
    expect(rest).toMatchObject({ language, cached: false });
    const module = new WebAssembly.Module(wasm);
    if (language !== "wasm")
      expect(WebAssembly.Module.exports(module)).toContainEqual({ name: "run", kind: "function" });
  });

  test("takes an unchanged program from the cache, whatever its assets", async () => {
    const first = await build(good);
    const second = await build({ ...good, "assets/index.html": "changed" });
    expect(second.cached).toBe(true);
    expect(Buffer.from(second.wasm).equals(first.wasm)).toBe(true);
  });

  test("builds a changed program anew", async () => {
    const [first, second] = [await build(good), await build(edited)];
    expect(second.cached).toBe(false);
    expect(Buffer.from(second.wasm).equals(first.wasm)).toBe(false);
  });

  test("rejects with the signal's reason when cancelled, and builds again", async () => {
    const controller = new AbortController();
    const reason = new Error("the client went away");
    const cancelled = build(
      { ...good, "src/another.txt": "1", "assembly/another.txt": "1" },
      {
        signal: controller.signal,
        onEvent: ({ kind }) => kind === "phase" && controller.abort(reason),
      },
    );
    // A ready module is there before anything could be cancelled.
    if (language === "wasm") await cancelled;
    else expect(await failureOf(cancelled)).toBe(reason);
    await expect(build({ ...good, "src/other.txt": "2" })).resolves.toMatchObject({ language });
  });

  test.runIf(broken !== null)("reports an error with file, line and column", async () => {
    const error = await failureOf(build(broken!.sources));
    expect(error).toBeInstanceOf(BuildFailure);
    const { code, diagnostics, message } = error as BuildFailure;
    expect(code).toBe("TER_BUILD_FAILED");
    expect(message).toContain(broken!.says);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "error",
        file: broken!.file,
        line: broken!.line,
        column: broken!.column,
      }),
    );
  });

  test.runIf(talkative !== null)("cuts output at the limit and says so", async () => {
    const events: BuildEvent[] = [];
    const onEvent = (event: BuildEvent): unknown => events.push(event);
    const outcome = await build(talkative!(), { onEvent }).catch((error: unknown) => error);
    const { output } = outcome as Build | BuildFailure;
    expect(output.length).toBeGreaterThan(KEPT_BYTES / 2);
    expect(output.length).toBeLessThan(KEPT_BYTES + 100);
    expect(output).toMatch(/\n\(output cut after \d+ bytes\)\n$/);
    expect(events.map((event) => (event.kind === "output" ? event.text : "")).join("")).toBe(output);
  });

  test.runIf(endless !== null)("is stopped at the time limit, and builds again", async () => {
    await impatient.prewarm(language);
    const error = await failureOf(impatient.build(projectOf(endless!), { hint: null, flags: [] }));
    expect(error).toMatchObject({ code: "TER_BUILD_TIMEOUT" });
    await impatient.prewarm(language);
    await expect(impatient.build(projectOf(edited), { hint: null, flags: [] })).resolves.toMatchObject({
      language,
    });
  });

  test.runIf(hungry !== null)(
    "fails with a message when it runs out of memory, and builds again",
    async () => {
      const error = await failureOf(build(hungry!()));
      expect(error).toMatchObject({ code: expect.stringMatching(/^TER_BUILD_(CRASHED|FAILED)$/) });
      expect((error as Error).message).toMatch(/memory|stack/i);
      await expect(build({ ...good, "src/third.txt": "3" })).resolves.toMatchObject({ language });
    },
  );
});
