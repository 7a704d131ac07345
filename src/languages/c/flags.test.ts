import { describe, expect, test } from "vitest";
import { checkFlags } from "../../compiler-host/flags.ts";
import { C_FLAG_POLICY, splitFlags } from "./flags.ts";

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
