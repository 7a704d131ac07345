import { describe, expect, it } from "vitest";
import { type Figure, isMet, quantile, type Row } from "./figure.ts";
import { withTable } from "./pages.ts";
import { plotOf } from "./plot.ts";
import { headlineTable, promisesTable } from "./promises.ts";
import { showBar } from "./table.ts";

const ROWS: readonly Row[] = [
  { what: "better", value: 3, unit: "ms", bar: "coldRequest" },
  { what: "met", value: 4, unit: "ms", bar: "coldRequest" },
  { what: "missed <here>", value: 0.5, unit: "×", bar: "scaling" },
  { what: "absent", value: null, unit: "×", bar: "viceroy" },
];
const FIGURE: Figure = { name: "one", title: "One", command: "npm run bench -- one", method: "", rows: ROWS };

it("A bar is met, missed or unknown", () => {
  expect(ROWS.map(isMet)).toEqual([true, true, false, null]);
  expect(ROWS.map(showBar)).toEqual(["at most 5", "at most 5", "at least 1.8, missed", "at least 5"]);
});

describe("the table of promises", () => {
  it("shows the worst figure measured for a bar", () => {
    expect(promisesTable([FIGURE])).toContain(
      "| at most 5 ms | [4 ms](figures/one.md) | `npm run bench -- one` |",
    );
  });

  it("says which bars were missed and which were not measured", () => {
    const table = promisesTable([FIGURE]);
    expect(table).toContain("| at least 1.8 × | [0.5 ×](figures/one.md), missed |");
    expect(table).toContain("| at least 5 × | not measured | |");
  });

  it("has headlines only in the README", () => {
    const table = headlineTable([FIGURE]);
    expect(table).toContain("[4 ms](docs/figures/one.md)");
    expect(table).not.toContain("1.8");
  });
});

it("A table replaces the one between its markers, however often it is made", () => {
  const once = withTable("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter", "figures", "new");
  expect(once).toBe("before\n<!-- figures -->\n\nnew\n\n<!-- /figures -->\nafter");
  expect(withTable(once, "figures", "new")).toBe(once);
});

it("A plot draws what was measured and escapes names", () => {
  const plot = plotOf("One", ROWS);
  expect(plot.match(/<rect x=/g)).toHaveLength(3);
  expect(plot).toContain("missed &#60;here&#62;");
});

it("A quantile is a value that occurred", () => {
  expect([quantile([3, 1, 2], 0.5), quantile([3, 1, 2], 1)]).toEqual([2, 3]);
});
