// docs/SPECIFICATION.md says what the code says: every limit with its numbers, and no proof that is not there.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LIMITS, type Limit } from "../src/config/limits.ts";

const ROOT = join(import.meta.dirname, "..");
const TEXT = readFileSync(join(ROOT, "docs/SPECIFICATION.md"), "utf8");

function show(value: number, unit: Limit["unit"]): string {
  const mebibyte = 1024 * 1024;
  if (unit === "pages") return `${(value * 65_536) / mebibyte} MiB`;
  if (unit === "bytes") return value % mebibyte === 0 ? `${value / mebibyte} MiB` : `${value / 1024} KiB`;
  return value.toLocaleString("en-US") + (unit === "ms" ? " ms" : "");
}

it.each(Object.entries(LIMITS))(
  "the limit %s stands there with default, ceiling and meaning",
  (name, limit) => {
    expect(TEXT).toContain(
      `| \`${name}\` | ${show(limit.default, limit.unit)} | ${show(limit.ceiling, limit.unit)} | ${limit.summary} |`,
    );
  },
);

it("no limit stands there that is none", () => {
  const named = [...TEXT.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(named.filter((name) => name === undefined || !(name in LIMITS))).toEqual([]);
});

it("every proof that it names exists", () => {
  const paths = [...TEXT.matchAll(/`((?:src|tests|bench|scripts|docs)\/[\w./-]+\.\w+)`/g)].map(
    ([, path = ""]) => path,
  );
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
