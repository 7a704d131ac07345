import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { REFUSALS_PAGE, refusalsPage } from "./refusals-table.ts";

it("the page of refusals holds the tables as they are tested", () => {
  expect(readFileSync(join(import.meta.dirname, "..", REFUSALS_PAGE), "utf8")).toBe(refusalsPage());
});
