import { expect, test } from "vitest";
import { retiredWordsIn } from "./check-words.ts";
import { EXCEPTIONS, RETIRED_WORDS } from "./text/retired-words.ts";
import { textFiles, textOf } from "./text/tracked.ts";

test("a retired word is found with its line, and what to write instead", () => {
  expect(retiredWordsIn("src/a.ts", "// fine\n// this is a bug of ours")).toEqual([
    "src/a.ts:2: \"of ours\" is retired; write: Terrarium's, the platform's",
  ]);
});

test("a retired word in a file's name is found", () => {
  expect(retiredWordsIn("src/facts.ts", "")).toHaveLength(1);
});

test("words that only contain a retired one are fine", () => {
  expect(retiredWordsIn("src/a.ts", "recommend the background; artifacts of hours")).toEqual([]);
});

test("every exception is a file that has a retired word", () => {
  const files = textFiles();
  for (const path of Object.keys(EXCEPTIONS)) {
    expect(files).toContain(path);
    expect(RETIRED_WORDS.some(({ pattern }) => pattern.test(textOf(path)))).toBe(true);
  }
});
