import { expect, test } from "vitest";
import { rustFlags } from "./flags.ts";

test("flags go on to the compiler in one piece, however they were written", () => {
  expect(rustFlags(["-C", "opt-level=s", "-Clto=thin", "--cfg", 'feature="x"', "-A dead_code"])).toEqual([
    "-Copt-level=s",
    "-Clto=thin",
    '--cfg=feature="x"',
    "-Adead_code",
  ]);
});

test.each([
  "-Clinker=/bin/sh",
  "-Clink-arg=-o/tmp/x",
  "-Clink-args=x",
  "--extern",
  "-L/",
  "-Zunstable-options",
  "-o",
  "--emit=asm",
  "@file",
  "src/other.rs",
  "-Cincremental=/tmp",
  "-Cprofile-generate=/tmp",
  "--sysroot=/",
  "-Ctarget-cpu=x;y",
  "--remap-path-prefix=a=b",
])("%s is refused, since it names a file or a program", (flag) =>
  expect(() => rustFlags([flag])).toThrow(expect.objectContaining({ code: "TER_BUILD_FLAG_REFUSED" })),
);
