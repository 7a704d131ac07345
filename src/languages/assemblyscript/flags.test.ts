import { expect, test } from "vitest";
import { checkFlags } from "../../compiler-host/flags.ts";
import { ASSEMBLYSCRIPT_FLAG_POLICY } from "./flags.ts";

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
    expect(() => checkFlags([flag], ASSEMBLYSCRIPT_FLAG_POLICY)).toThrow("not supported");
});
