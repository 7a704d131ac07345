// docs/SPECIFICATION.md states what the code states: every limit and bar, and no proof that does not exist.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BARS } from "../bench/bars.ts";
import { pagesOf, readFigures, withTable } from "../bench/report/pages.ts";
import { LIMITS } from "../src/config/limits.ts";
import { limitsTable } from "./limits-table.ts";

const ROOT = join(import.meta.dirname, "..");
const TEXT = readFileSync(join(ROOT, "docs/SPECIFICATION.md"), "utf8");

it("the table of limits is the one that scripts/limits-table.ts makes", () => {
  expect(withTable(TEXT, "limits", limitsTable())).toBe(TEXT);
});

it("every test that a limit names exists", () => {
  const missing = Object.entries(LIMITS).flatMap(([name, { tests }]) =>
    tests.filter((path) => !existsSync(join(ROOT, path))).map((path) => `${name}: ${path}`),
  );
  expect(missing).toEqual([]);
});

describe("figures", () => {
  const figures = readFigures();

  it.each([...pagesOf(figures)])("%s is made from docs/figures/results and bench/bars.ts", (path, text) => {
    expect(readFileSync(join(ROOT, path), "utf8")).toBe(text);
  });

  it("name no bar that bench/bars.ts does not have", () => {
    const named = figures.flatMap(({ rows }) => rows.flatMap(({ bar }) => bar ?? []));
    expect(named.filter((name) => !(name in BARS))).toEqual([]);
  });

  it("measure every bar", () => {
    const measured = new Set(figures.flatMap(({ rows }) => rows.flatMap(({ bar }) => bar ?? [])));
    expect(Object.keys(BARS).filter((name) => !measured.has(name as keyof typeof BARS))).toEqual([]);
  });
});

it("every proof that the specification names exists", () => {
  const paths = [...TEXT.matchAll(/`((?:src|tests|bench|scripts|docs)\/[\w./-]+\.\w+)`/g)].map(
    ([, path = ""]) => path,
  );
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
