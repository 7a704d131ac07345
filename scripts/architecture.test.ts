// The trees in docs/architecture.md give each error exit the status that the catalogue has, and the tree of a
// request names every code that a request can end with.
import { expect, it } from "vitest";
import { EDGE_ERRORS } from "../src/errors/areas/edge.ts";
import { GUEST_ERRORS } from "../src/errors/areas/guest.ts";
import { CATALOGUE } from "../src/errors/index.ts";
import { textOf } from "./text/tracked.ts";

const TEXT = textOf("docs/architecture.md");
const EXITS = [...TEXT.matchAll(/ ·+ (\d{3}) (TER_\w+)$/gm)].map(([, status, code = ""]) => ({
  status: Number(status),
  code,
}));

it("every exit has the catalogue's status", () => {
  const statuses = new Map(Object.entries(CATALOGUE).map(([code, { status }]) => [code, status]));
  expect(EXITS.length).toBeGreaterThan(30);
  expect(EXITS.filter(({ status, code }) => statuses.get(code) !== status)).toEqual([]);
});

it("the lifecycle of a request names every code of the edge and of guests", () => {
  const lifecycle = TEXT.slice(TEXT.indexOf("### Lifecycle of a request"));
  const codes = Object.keys({ ...EDGE_ERRORS, ...GUEST_ERRORS });
  expect(codes.filter((code) => !lifecycle.includes(` ${code}\n`))).toEqual([]);
});
