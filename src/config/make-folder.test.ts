import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

const root = mkdtempSync(join(tmpdir(), "terrarium-folder-"));
afterAll(() => rmSync(root, { recursive: true }));

test("makes a folder and those above it, and takes one that exists", () => {
  const folder = join(root, "a", "b", "c");
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("says that a file is in the way", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => makeFolder(join(root, "file"))).toThrow("EEXIST");
  expect(() => makeFolder(join(root, "file", "below"))).toThrow("ENOTDIR");
});

test.runIf(process.platform === "linux")("ends where the system can make no folder", () => {
  expect(() => makeFolder("/proc/terrarium")).toThrow("ENOENT");
  expect(() => makeFolder("/proc/terrarium/below")).toThrow("ENOENT");
});
