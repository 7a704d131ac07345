// Modules whose instances are expensive to create: refused at deploy beyond a limit, and charged to their
// requests below it.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { answering, archiveOf, type Sources } from "../e2e/programs.ts";

/** Every request gets a new instance, because the code changes a table; `run` itself does nothing else. */
const moduleOf = (parts: { exports: number; segments: number; entries: number }): string => {
  const repeat = (count: number, text: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => text(index)).join(" ");
  return `(module (table ${parts.entries} funcref) (func $f)
    ${repeat(parts.exports, (index) => `(func (export "e${index}"))`)}
    ${repeat(parts.segments, () => `(elem (i32.const 0) func ${"$f ".repeat(parts.entries)})`)}
    (func (export "run") (table.set (i32.const 0) (ref.func $f))))`;
};
const EXPENSIVE = moduleOf({ exports: 9000, segments: 9, entries: 10_000 });
const TOO_MANY_ENTRIES = moduleOf({ exports: 1, segments: 11, entries: 10_000 });

const folder = temporaryFolder();
let strict: Platform;
let lenient: Platform;

beforeAll(async () => {
  strict = await Platform.start(join(folder.path, "strict"), ["--edges", "1", "--limit", "instanceMs=1"]);
  const limits = ["--limit", "instanceMs=200", "--limit", "cpuMs=1"];
  lenient = await Platform.start(join(folder.path, "lenient"), ["--edges", "1", ...limits]);
});
afterAll(async () => {
  await Promise.all([strict.stop(), lenient.stop()]);
  folder[Symbol.dispose]();
});

const post = (platform: Platform, files: Sources) =>
  platform.ask("", "/api/v1/deployments", {
    method: "POST",
    headers: { "content-type": "application/x-tar" },
    body: archiveOf(files),
  });
async function refusal(platform: Platform, text: string): Promise<string> {
  const { status, text: problem } = await post(platform, { "src/main.wat": text });
  expect(status, problem).toBe(422);
  return problem;
}
async function deploy(platform: Platform, files: Sources): Promise<string> {
  const { status, text } = await post(platform, files);
  expect(status, text).toBe(201);
  return (JSON.parse(text) as { deployment: { id: string } }).deployment.id;
}

describe("a module whose instances are expensive", () => {
  test("is refused at deploy, with what it took and the limit", async () => {
    const answer = await refusal(strict, EXPENSIVE);
    expect(answer).toContain("TER_WASM_INSTANCE_TOO_SLOW");
    expect(answer).toMatch(/took \d+\.\d ms of CPU time; the limit is 1 ms/);
  });

  test("is refused for what it consists of, before it costs anything", async () => {
    expect(await refusal(lenient, TOO_MANY_ENTRIES)).toContain("110,000 entries in element segments");
  });

  test("uses up its request's CPU limit by being created", async () => {
    const expensive = await deploy(lenient, { "src/main.wat": EXPENSIVE });
    const neighbour = await deploy(lenient, answering("here"));
    const answers = await Promise.all(Array.from({ length: 8 }, () => lenient.ask(expensive, "/")));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 500));
    expect(answers[0]?.text).toContain("exceeded its limit of CPU time");
    expect((await lenient.ask(neighbour, "/")).text).toBe("here");
  });
});
