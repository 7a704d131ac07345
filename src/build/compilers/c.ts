// C as a hosted language; its process is the symbolizer too.
import { packageVersion, sdkDigest } from "../sdk-folder.ts";
import { COMPILE_FLAGS, linkArguments } from "../toolchains/clang-flags.ts";
import { HostedCompiler, type HostSettings } from "../worker/hosted-compiler.ts";

const MIB = 1024 * 1024;

// 75 MB of Wasm: checking each function only when it is first called takes the cold start from 1.5 s to 1.25 s. Liftoff
// alone (`--liftoff-only`) would save 90 MB and cost a quarter of the speed of every later compile.
const V8_FLAGS = ["--wasm-lazy-validation", "--wasm-max-mem-pages=16384", "--max-old-space-size=512"];

/** clang in a process of its own. */
export function cCompiler(settings: HostSettings): HostedCompiler {
  return new HostedCompiler(
    {
      language: "c",
      fingerprint: async () =>
        [await packageVersion("@yowasp/clang"), await sdkDigest("c"), ...COMPILE_FLAGS, ...linkArguments([], [], "")].join(" "),
      process: { toolchain: "clang", label: "C", execArgv: V8_FLAGS, maxRssBytes: 1024 * MIB },
    },
    settings,
  );
}
