// C as a hosted language; its process is the symbolizer too.
import { packageVersion, sdkDigest } from "../../compiler-host/sdk-folder.ts";
import { COMPILE_FLAGS, linkArguments } from "./flags.ts";
import { DEEP_STACK_SECTION } from "../../wasm/index.ts";
import { HostedCompiler } from "../../compiler-host/worker/hosted-compiler.ts";
import { moduleBeside, type ToolchainModule } from "../../compiler-host/worker/toolchain-module.ts";
import type { CompilerSettings } from "../compilers.ts";

const MIB = 1024 * 1024;

/** The compiler, and the packages that it loads. */
export const C_TOOLCHAIN: ToolchainModule = {
  url: moduleBeside(import.meta.url, "toolchain"),
  packages: [["@yowasp/clang", null]],
};

// 75 MB of Wasm: a function is validated when it is first called, and optimized only after ten times the
// usual work in it. Why: docs/decisions/003-compilers.md.
const V8_FLAGS = [
  "--wasm-lazy-validation",
  "--wasm-tiering-budget=130000000",
  "--wasm-max-mem-pages=16384",
  "--max-old-space-size=512",
];

/** clang in its own process. */
export function createCompiler({ hosted }: CompilerSettings): HostedCompiler {
  return new HostedCompiler(
    {
      fingerprint: async () =>
        [
          await packageVersion("@yowasp/clang"),
          await sdkDigest("c"),
          ...COMPILE_FLAGS,
          ...linkArguments([], [], ""),
          DEEP_STACK_SECTION,
        ].join(" "),
      process: { toolchain: C_TOOLCHAIN, label: "C", execArgv: V8_FLAGS, maxRssBytes: 1024 * MIB },
    },
    hosted,
  );
}
