// C as a hosted language; its process is the symbolizer too.
import { packageVersion, sdkDigest } from "../sdk-folder.ts";
import { COMPILE_FLAGS, linkArguments } from "../toolchains/clang-flags.ts";
import { HostedCompiler, type HostSettings } from "../worker/hosted-compiler.ts";

const MIB = 1024 * 1024;

// 75 MB of Wasm: a function is checked when it is first called, and optimised only after ten times the usual work in it.
// Why: docs/decisions/005-compilers.md.
const V8_FLAGS = [
  "--wasm-lazy-validation",
  "--wasm-tiering-budget=130000000",
  "--wasm-max-mem-pages=16384",
  "--max-old-space-size=512",
];

/** clang in a process of its own. */
export function cCompiler(settings: HostSettings): HostedCompiler {
  return new HostedCompiler(
    {
      language: "c",
      fingerprint: async () =>
        [
          await packageVersion("@yowasp/clang"),
          await sdkDigest("c"),
          ...COMPILE_FLAGS,
          ...linkArguments([], [], ""),
        ].join(" "),
      process: { toolchain: "clang", label: "C", execArgv: V8_FLAGS, maxRssBytes: 1024 * MIB },
    },
    settings,
  );
}
