import { afterAll, expect, test } from "vitest";
import { writeArchive } from "../../project/index.ts";
import { Parser } from "./parser.ts";

const parser = new Parser();
afterAll(() => parser.close());

const LIMITS = { uploadBytes: 1 << 20, unpackedBytes: 1 << 20, archiveEntries: 100 };
const FILES = new Map([
  ["src/main.wat", Buffer.from("(module)")],
  ["terrarium.toml", Buffer.from('name = "garden"')],
]);

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "none",
    (error: { code: string }) => error.code,
  );
}

test("a project comes back with its files, its manifest and its language", async () => {
  const { files, manifest, language } = await parser.parse("project", {
    archive: writeArchive(FILES),
    limits: LIMITS,
    hint: null,
  });
  expect(new TextDecoder().decode(files.get("src/main.wat"))).toBe("(module)");
  expect([manifest.name, language]).toEqual(["garden", "wat"]);
});

test("what is refused there is refused here with the same code", async () => {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const refused = [
    parser.parse("project", { archive: Buffer.alloc(700, "x"), limits: LIMITS, hint: null }),
    parser.parse("deploy-request", { json: json({ tar: "?" }) }),
    parser.parse("deploy-request", { json: json({ tar: "", more: 1 }) }),
    parser.parse("deploy-request", { json: Buffer.from("{") }),
    parser.parse("module", { wasm: Buffer.from("not a module") }),
  ];
  expect(await Promise.all(refused.map(codeOf))).toEqual([
    "TER_ARCHIVE_INVALID",
    "TER_ARCHIVE_INVALID",
    "TER_BAD_REQUEST",
    "TER_BAD_REQUEST",
    "TER_WASM_INVALID",
  ]);
  expect((await parser.parse("protocol-request", { json: json({ tar: "", more: 1 }) })).lang).toBeNull();
});

test("JSON that needs too much memory ends that process alone, and the next job gets a new one", async () => {
  const lists = Buffer.from(`[${"[],".repeat(15_000_000)}[]]`);
  expect(await codeOf(parser.parse("deploy-request", { json: lists }))).toBe("TER_PARSE_LIMIT");
  const { language } = await parser.parse("project", {
    archive: writeArchive(FILES),
    limits: LIMITS,
    hint: null,
  });
  expect(language).toBe("wat");
});

test("a job that takes too long ends with its process", async () => {
  const impatient = new Parser(1);
  const lists = Buffer.from(`[${"[],".repeat(1_000_000)}[]]`);
  expect(await codeOf(impatient.parse("deploy-request", { json: lists }))).toBe("TER_PARSE_LIMIT");
  impatient.close();
});
