import { expect, test } from "vitest";
import { appendCustomSection } from "../../wasm/writing/custom-section.ts";
import { sizeWithoutDebug } from "./module-size.ts";

const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

test.each([".debug_info", ".debug_line", "reloc..debug_info", "terrarium:source-map"])(
  "the contents of %s do not count",
  (name) => {
    expect(sizeWithoutDebug(appendCustomSection(EMPTY, name, new Uint8Array(1000)))).toBeLessThan(50);
  },
);

test.each(["name", "producers", "x.debug_info"])("the contents of %s count", (name) => {
  const wasm = appendCustomSection(EMPTY, name, new Uint8Array(1000));
  expect(sizeWithoutDebug(wasm)).toBe(wasm.length);
});

test("bytes that are no module have no size", () => {
  expect(() => sizeWithoutDebug(Uint8Array.of(1, 2, 3))).toThrow();
});
