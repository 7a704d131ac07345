import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostcallEntries } from "../table.ts";
import { breaches, lockText, type Lock } from "./lock.ts";
import { generatedFiles } from "./outputs.ts";

const root = join(import.meta.dirname, "../../..");

describe("generated files", () => {
  for (const [path, text] of generatedFiles()) {
    it(`${path} is what \`npm run generate\` writes`, () => {
      expect(readFileSync(join(root, path), "utf8")).toBe(text);
    });

    it(`${path} names every hostcall`, () => {
      expect(hostcallEntries().filter(([name]) => !text.includes(name))).toEqual([]);
    });
  }
});

describe("the lock", () => {
  const locked: Lock = JSON.parse(lockText());

  it("accepts the current contract, and a new call", () => {
    const { hostcall_debug: _, ...older } = locked;
    expect(breaches(locked)).toEqual([]);
    expect(breaches(older)).toEqual([]);
  });

  it("names a call that was removed and one whose type changed", () => {
    const older: Lock = {
      ...locked,
      hostcall_gone: { params: [], results: [] },
      hostcall_debug: { params: ["i64"], results: [] },
    };
    expect(breaches(older)).toEqual([
      "hostcall_debug was (i64) -> () and is (i32, i32) -> ()",
      "hostcall_gone was removed",
    ]);
  });
});
