import { expect, test } from "vitest";
import { isLeftOut, parseIgnoreFile } from "./ignore-rules.ts";

test.each([
  ["*.log", "", "a.log", true],
  ["*.log", "", "deep/a.log", true],
  ["*.log", "", "a.log.txt", false],
  ["/dist", "", "dist", true],
  ["/dist", "", "deep/dist", false],
  ["deep/dist", "", "deep/dist", true],
  ["deep/dist", "", "other/deep/dist", false],
  ["**/dist", "", "a/b/dist", true],
  ["a/**/z", "", "a/z", true],
  ["a/**/z", "", "a/b/c/z", true],
  ["a/**", "", "a/b/c", true],
  ["a/**", "", "a", false],
  ["a?c", "", "abc", true],
  ["a?c", "", "a/c", false],
  ["[a-c].txt", "", "b.txt", true],
  ["[!a-c].txt", "", "b.txt", false],
  ["*.log\n!keep.log", "", "keep.log", false],
  ["!keep.log\n*.log", "", "keep.log", true],
  ["# comment\n\n\\#file", "", "#file", true],
  ["a.b", "", "axb", false],
  ["trailing   ", "", "trailing", true],
  ["*.o", "src", "src/a/b.o", true],
  ["*.o", "src", "other/b.o", false],
  ["/b.o", "src", "src/b.o", true],
  ["windows\r\nlines\r\n", "", "lines", true],
])("the rules %j in %j leave out %s: %s", (text, base, name, leftOut) => {
  expect(isLeftOut(parseIgnoreFile(text, base), name, false)).toBe(leftOut);
});

test("a pattern that ends with a slash is for folders", () => {
  const rules = parseIgnoreFile("out/", "");
  expect([isLeftOut(rules, "out", true), isLeftOut(rules, "out", false)]).toEqual([true, false]);
});
