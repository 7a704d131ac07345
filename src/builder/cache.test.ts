import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BuildCache, cacheKey } from "./cache.ts";

const FILES = new Map([["src/main.c", Buffer.from("x")]]);
const INPUTS = { language: "c", fingerprint: "clang 22", flags: ["-O2"], files: FILES } as const;
const key = (digit: string): string => digit.repeat(64);
const build = (size: number): { wasm: Uint8Array; diagnostics: []; output: string } => ({
  wasm: Buffer.alloc(size, 7),
  diagnostics: [],
  output: "warning\n",
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "terrarium-cache-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("the key changes with every input, and not with the order of files", () => {
  const base = cacheKey(INPUTS);
  const two = [
    ["a", Buffer.from("1")],
    ["b", Buffer.from("2")],
  ] as const;
  expect(cacheKey({ ...INPUTS, files: new Map(two) })).toBe(
    cacheKey({ ...INPUTS, files: new Map(two.toReversed()) }),
  );
  const others = [
    { ...INPUTS, language: "wat" as const },
    { ...INPUTS, fingerprint: "clang 23" },
    { ...INPUTS, flags: [] },
    { ...INPUTS, files: new Map([["src/main.c", Buffer.from("y")]]) },
    { ...INPUTS, files: new Map([["src/other.c", Buffer.from("x")]]) },
    { ...INPUTS, files: new Map([...FILES, ["src/b.h", Buffer.from("")] as const]) },
  ];
  expect(new Set([base, ...others.map((inputs) => cacheKey(inputs))]).size).toBe(others.length + 1);
});

test("returns what was stored, even after a restart", async () => {
  const path = await folder();
  await new BuildCache(path, 10_000).put(key("a"), build(100));
  expect(await new BuildCache(path, 10_000).get(key("a"))).toEqual(build(100));
  expect(await new BuildCache(path, 10_000).get(key("b"))).toBeUndefined();
});

test("treats a truncated or altered entry as missing and removes it", async () => {
  const path = await folder();
  const cache = new BuildCache(path, 10_000);
  for (const damage of [
    (bytes: Buffer) => bytes.subarray(0, -1),
    (bytes: Buffer) => bytes.fill(8, 90, 91),
    () => Buffer.alloc(0),
  ]) {
    await cache.put(key("a"), build(100));
    const file = join(path, key("a"));
    await writeFile(file, damage(await readFile(file)));
    expect(await cache.get(key("a"))).toBeUndefined();
    expect(await readdir(path)).toEqual([]);
  }
});

test("stays within its limit by dropping the least recently used", async () => {
  const path = await folder();
  const cache = new BuildCache(path, 3500);
  for (const digit of ["a", "b", "c"]) await cache.put(key(digit), build(1000));
  await cache.get(key("a"));
  await cache.put(key("d"), build(1000));
  expect((await readdir(path)).map((name) => name[0]).sort()).toEqual(["a", "c", "d"]);
  await cache.put(key("e"), build(10_000));
  expect(await cache.get(key("e"))).toBeUndefined();
});

test("deletes what a killed process left half written", async () => {
  const path = await folder();
  await writeFile(join(path, "tmp-half"), "half");
  await new BuildCache(path, 3500).put(key("a"), build(10));
  expect(await readdir(path)).toEqual([key("a")]);
});

test("loses the entry, but not the build, where it cannot write", async () => {
  const file = join(await folder(), "file");
  await writeFile(file, "in the way");
  await expect(new BuildCache(file, 3500).put(key("a"), build(10))).resolves.toBeUndefined();
});
