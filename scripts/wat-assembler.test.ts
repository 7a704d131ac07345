import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type AssemblerOrigin, MODULE_FILE, ORIGIN_FILE, sourcesDigest } from "./wat-assembler.ts";

test("the committed assembler was built from the committed sources (npm run build:wat)", () => {
  const origin = JSON.parse(readFileSync(ORIGIN_FILE, "utf8")) as AssemblerOrigin;
  expect(sourcesDigest()).toBe(origin.sources);
  expect(hash("sha256", readFileSync(MODULE_FILE))).toBe(origin.module);
});
