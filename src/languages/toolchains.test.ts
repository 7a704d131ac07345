import { describe, expect, test } from "vitest";
import { ASSEMBLYSCRIPT_FLAG_POLICY } from "./assemblyscript/flags.ts";
import { parseClangText } from "./c/diagnostics.ts";
import { C_FLAG_POLICY, splitFlags } from "./c/flags.ts";
import { checkFlags } from "../compiler-host/flags.ts";
import { ObjectCache, objectKey } from "./c/object-cache.ts";

describe("flags of C", () => {
  test.each([
    "-O3",
    "-Os",
    "-Ofast",
    "-DDEBUG",
    '-DNAME="a b"',
    "-UNDEBUG",
    "-Wall",
    "-Wno-unused",
    "-Werror",
    "-std=c99",
    "-std=gnu++17",
    "-fno-strict-aliasing",
    "-ffast-math",
    "-fwrapv",
    "-funsigned-char",
    "-msimd128",
    "-mno-bulk-memory",
    "-Iinclude",
    "-Isrc/lib",
    "-g",
    "-g0",
    "-lm",
    "-Wl,-z,stack-size=1048576",
    "-Wl,--export=helper",
    "-pedantic",
  ])("accept %s", (flag) => {
    expect(() => checkFlags([flag], C_FLAG_POLICY)).not.toThrow();
  });

  test.each([
    "-fplugin=evil.so",
    "-fpass-plugin=x",
    "-load",
    "-Xclang",
    "-mllvm",
    "-o",
    "-oelsewhere",
    "-I/usr/include",
    "-I../..",
    "-Isrc/../../x",
    "-include",
    "@response",
    "-cc1",
    "-Wl,--allow-multiple",
    "-Wl,-o,x",
    "-Wp,-MD,x",
    "-Wa,x",
    "--target=x86_64",
    "-target",
    "-fprofile-generate",
    "-fsanitize=address",
    "-ftime-trace",
    "-fsave-optimization-record",
    "-x",
    "-E",
    "-S",
    "-c",
    "-v",
    "-###",
    "main.c",
    "",
    "-DX\0",
    "-specs=x",
    "-fuse-ld=lld",
    "-isystem",
    "-L.",
    "-lfoo",
    "--sysroot=/",
    "-B.",
    "-fdump-record-layouts",
    "-fsyntax-only",
    "-resource-dir",
  ])("refuse %j by name", (flag) => {
    expect(() => checkFlags(["-O2", flag], C_FLAG_POLICY)).toThrow(JSON.stringify(flag));
  });

  test("go to the compiler, the linker, or both", () => {
    expect(splitFlags(["-O3", "-Wl,-z,stack-size=9", "-lm", "-s", "-DX"])).toEqual({
      compile: ["-O3", "-DX"],
      link: ["-z", "stack-size=9", "-s"],
    });
  });
});

test("flags of AssemblyScript cannot load code or name files", () => {
  for (const flag of ["-O3", "--optimizeLevel=1", "--noAssert", "--enable=simd", "--use=Math=JSMath"])
    expect(() => checkFlags([flag], ASSEMBLYSCRIPT_FLAG_POLICY)).not.toThrow();
  for (const flag of [
    "--transform",
    "--transform=./evil.js",
    "--lib",
    "--path",
    "--config=x.json",
    "--outFile=/tmp/x",
    "-o",
    "--baseDir=/",
    "--textFile=x",
    "--target=debug",
    "--bindings=esm",
    "other.ts",
    "/etc/passwd.ts",
  ])
    expect(() => checkFlags([flag], ASSEMBLYSCRIPT_FLAG_POLICY)).toThrow("not accepted");
});

test("the text of clang and the linker gives locations, severities and messages", () => {
  const text = [
    "In file included from src/main.c:1:",
    "src/a b.h:3:9: warning: unused variable 'x' [-Wunused-variable]",
    "    3 |     int x;",
    "src/main.c:7:1: fatal error: too many errors: stopping",
    "src/main.c:8:2: note: previous definition is here",
    "clang: error: unknown argument: '-fnope'",
    "wasm-ld: error: src/main.c.o: undefined symbol: f",
    "1 error generated.",
  ].join("\n");
  expect(parseClangText(text)).toEqual([
    {
      severity: "warning",
      file: "src/a b.h",
      line: 3,
      column: 9,
      message: "unused variable 'x' [-Wunused-variable]",
    },
    { severity: "error", file: "src/main.c", line: 7, column: 1, message: "too many errors: stopping" },
    { severity: "note", file: "src/main.c", line: 8, column: 2, message: "previous definition is here" },
    { severity: "error", file: null, line: null, column: null, message: "unknown argument: '-fnope'" },
    {
      severity: "error",
      file: "src/main.c",
      line: null,
      column: null,
      message: "src/main.c.o: undefined symbol: f",
    },
  ]);
});

describe("the object cache", () => {
  const files = (header: string): Map<string, Uint8Array> =>
    new Map([
      ["src/a.c", Buffer.from("a")],
      ["src/a.h", Buffer.from(header)],
    ]);
  const compiled = { object: Buffer.alloc(100), text: "warning" };

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
