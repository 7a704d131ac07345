import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { COVERAGE_PAGE, coveragePage } from "./hostcall-coverage.ts";

it("every hostcall has a guest in every language", () => {
  const empty = coveragePage()
    .split("\n")
    .filter((row) => row.includes("|  |"));
  expect(empty).toEqual([]);
});

it("the committed page is what the script makes", () => {
  expect(readFileSync(join(import.meta.dirname, "..", COVERAGE_PAGE), "utf8")).toBe(coveragePage());
});
