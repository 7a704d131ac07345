// Holds the written defences to the source as it is today, without running a proof: `npm run prove` does that, and takes long.
import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOMS, withoutDefence } from "./rooms.ts";

const ROOT = join(import.meta.dirname, "..", "..");

describe.each(Object.entries(ROOMS))("defences of %s", (_room, defences) => {
  test.each(defences)("$name: still applies to the source", (defence) => {
    const source = readFileSync(join(ROOT, defence.file), "utf8");
    const without = withoutDefence(source, defence);
    expect(without, `the text must occur exactly once in ${defence.file}: ${defence.present}`).not.toBeNull();
    expect(without).not.toBe(source);
    // A removal that does not parse turns every test red and proves nothing. For TSX, the build would fail.
    if (!defence.file.endsWith(".tsx")) expect(() => stripTypeScriptTypes(without ?? "")).not.toThrow();
    expect(existsSync(join(ROOT, defence.test)), `${defence.test} must exist`).toBe(true);
  });
});

test("no two defences have one name", () => {
  const names = Object.values(ROOMS)
    .flat()
    .map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
