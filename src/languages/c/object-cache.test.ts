import { describe, expect, test } from "vitest";
import { ObjectCache, objectKey } from "./object-cache.ts";

describe("the object cache", () => {
  const files = (header: string): Map<string, Uint8Array> =>
    new Map([
      ["src/a.c", Buffer.from("a")],
      ["src/a.h", Buffer.from(header)],
    ]);
  const compiled = { object: Buffer.alloc(100), text: "warning", hasDynamicFrames: false };

  test("holds an object as long as all files that it was made of are the same", () => {
    const cache = new ObjectCache(1000);
    const key = objectKey("src/a.c", [], files("1"));
    cache.put(key, compiled, ["src/a.c", "src/a.h", "/usr/include/stdio.h"], files("1"));
    expect(cache.get(key, files("1"))).toMatchObject(compiled);
    expect(cache.get(key, files("2"))).toBeUndefined();
    expect(cache.get(key, new Map([["src/a.c", Buffer.from("a")]]))).toBeUndefined();
  });

  test("keys by flags and by the names of all files, since a new one may hide a header", () => {
    const keys = [
      objectKey("src/a.c", [], files("1")),
      objectKey("src/a.c", ["-O0"], files("1")),
      objectKey("src/a.c", [], new Map([...files("1"), ["b.h", Buffer.from("")]])),
      objectKey("src/b.c", [], files("1")),
    ];
    expect(new Set(keys).size).toBe(4);
  });

  test("stays within its bound by dropping the longest unused", () => {
    const cache = new ObjectCache(330);
    for (const key of ["a", "b", "c"]) cache.put(key, compiled, [], files("1"));
    cache.get("a", files("1"));
    cache.put("d", compiled, [], files("1"));
    expect(["a", "b", "c", "d"].map((key) => cache.get(key, files("1")) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});
