import { describe, expect, it } from "vitest";
import { isMet, quantile, type Row } from "./figure.ts";
import { withFigures } from "./pages.ts";
import { plotOf } from "./plot.ts";

const ROWS: readonly Row[] = [
  { what: "kept", value: 5, unit: "µs", bar: { kind: "at most", value: 10 }, headline: true },
  { what: "missed <here>", value: 0.5, unit: "×", bar: { kind: "at least", value: 0.7 }, headline: true },
  { what: "absent", value: null, unit: "×" },
];
const FIGURE = { name: "one", title: "One", command: "npm run bench -- one", method: "", rows: ROWS };

it("A promise is kept, missed or unknown", () => {
  expect(ROWS.map(isMet)).toEqual([true, false, null]);
});

it("The README's table holds headlines only, between its marks, however often it is made", () => {
  const once = withFigures("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter", [FIGURE]);
  expect(once).toContain("| [kept](docs/figures/one.md) | 5 µs | at most 10 | `npm run bench -- one` |\n");
  expect(once).toContain("| 0.5 × | at least 0.7, missed |");
  expect(once).not.toMatch(/old|absent/);
  expect(withFigures(once, [FIGURE])).toBe(once);
});

describe("a plot", () => {
  it("draws what was measured and escapes names", () => {
    const plot = plotOf("One", ROWS);
    expect(plot.match(/<rect x=/g)).toHaveLength(2);
    expect(plot).toContain("missed &#60;here&#62;");
  });
});

it("A quantile is a value that occurred", () => {
  expect([quantile([3, 1, 2], 0.5), quantile([3, 1, 2], 1)]).toEqual([2, 3]);
});
