import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CATALOGUE } from "../src/errors/index.ts";
import { RETIRED_CODES } from "../src/errors/retired.ts";
import { codesOnPage, ERRORS_PAGE, errorsPage } from "./errors-page.ts";

const ROOT = join(import.meta.dirname, "..");
const CODE = /\bTER_[A-Z]+(?:_[A-Z]+)*\b(?![\\]?_)/g;
const CODES = Object.keys(CATALOGUE);

test("docs/reference/errors.md is what the catalogue makes of it (npm run generate)", () => {
  expect(readFileSync(join(ROOT, ERRORS_PAGE), "utf8")).toBe(errorsPage());
});

test("the page has one section for each code of the catalogue, and no other", () => {
  expect(codesOnPage(readFileSync(join(ROOT, ERRORS_PAGE), "utf8")).sort()).toEqual(CODES.toSorted());
});

test("every code that the source names is in the catalogue", () => {
  const named = codesIn(["src", "studio/src", "bin", "scripts", "bench", "sdk"], ["src/errors/retired.ts"]);
  named.delete("TER_X"); // The store's contract suite stores any text as a code.
  expect([...named].filter((code) => !CODES.includes(code))).toEqual([]);
});

test("every code of the catalogue is used by the source", () => {
  const used = codesIn(["src", "studio/src"], ["src/errors/areas", "src/errors/retired.ts"]);
  expect(CODES.filter((code) => !used.has(code))).toEqual([]);
});

test("no retired code is in the catalogue, and a successor is", () => {
  for (const [code, successor] of Object.entries(RETIRED_CODES)) {
    expect(CODES).not.toContain(code);
    if (successor !== null) expect(CODES).toContain(successor);
  }
});

test("every document names codes of the catalogue only", () => {
  const named = codesIn(["docs", "README.md", "CONTRIBUTING.md", "SECURITY.md"], [ERRORS_PAGE]);
  expect([...named].filter((code) => !CODES.includes(code))).toEqual([]);
});

/** Codes in all text files below the paths; tests count neither as source nor as use. */
function codesIn(paths: readonly string[], without: readonly string[]): Set<string> {
  const files = paths
    .flatMap((path) => filesBelow(path))
    .filter((path) => !without.some((skipped) => path.startsWith(skipped)) && !path.endsWith(".test.ts"));
  return new Set(files.flatMap((path) => readFileSync(join(ROOT, path), "utf8").match(CODE) ?? []));
}

function filesBelow(path: string): string[] {
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsx|mjs|md)$/.test(name) && !name.includes("node_modules"))
    .map((name) => join(path, name));
}
