// Builds the programs in docs/guides and compares their responses with those in the guide. In a guide,
// `<!-- file: PATH -->` makes the next code block a file of a project, and `<!-- response: PATH -->` makes
// the next block the expected response of that project.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "./platform.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "../rust/toolchain.ts";
import { type Sources, writeProject } from "./programs.ts";

const GUIDES = join(import.meta.dirname, "../../docs/guides");
const BLOCK = /^<!-- (file|response): (\S+) -->\n\n```\w*\n([^]*?)^```$/gm;

interface Example {
  readonly guide: string;
  readonly sources: Sources;
  readonly path: string;
  readonly response: string;
}

const folder = temporaryFolder();
let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(join(folder.path, "data"), ["--log-level", "silent"]);
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

function examplesOf(guide: string): Example[] {
  let sources: Record<string, string> = {};
  return [...readFileSync(join(GUIDES, guide), "utf8").matchAll(BLOCK)].flatMap(
    ([, kind, path = "", text = ""]) => {
      if (kind === "file") {
        sources = { [path]: text };
        return [];
      }
      return [{ guide, sources, path, response: text }];
    },
  );
}

const examples = readdirSync(GUIDES).flatMap(examplesOf);
const isRust = ({ guide }: Example): boolean => guide === "rust.md";

test("the guide of every language has an example", () => {
  const guides = new Set(examples.map(({ guide }) => guide));
  expect([...guides].toSorted()).toEqual(["assemblyscript.md", "c.md", "rust.md", "wat.md"]);
});

async function answerOf(example: Example): Promise<readonly [number, string]> {
  const { id } = await platform.deploy(writeProject(join(folder.path, crypto.randomUUID()), example.sources));
  const { status, text } = await platform.ask(id, example.path);
  // A code block always ends with a line break; a response may not.
  return [status, text.endsWith("\n") ? text : `${text}\n`];
}

test.each(examples.filter((example) => !isRust(example)))(
  "$guide: the program answers $path as the guide says",
  async (example) => {
    expect(await answerOf(example)).toEqual([200, example.response]);
  },
);

describe.skipIf(!isRustTested)("with a Rust toolchain", () => {
  beforeAll(prepareRust, PREPARATION_MS);

  test.each(examples.filter(isRust))(
    "$guide: the program answers $path as the guide says",
    async (example) => {
      expect(await answerOf(example)).toEqual([200, example.response]);
    },
  );
});
