import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hostcallTable, withHostcallTable } from "./hostcall-table.ts";

it("the table has no empty cell: every hostcall has a guest in every language", () => {
  expect(
    hostcallTable()
      .split("\n")
      .filter((row) => row.includes("|  |")),
  ).toEqual([]);
});

it("the README holds the table as it is", () => {
  const path = join(import.meta.dirname, "../README.md");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  expect(withHostcallTable(text)).toBe(text);
});
