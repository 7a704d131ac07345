// AssemblyScript as a hosted language.
import { packageVersion, sdkDigest } from "../../compiler-host/sdk-folder.ts";
import { ASSEMBLYSCRIPT_FLAGS } from "./flags.ts";
import { HostedCompiler } from "../../compiler-host/worker/hosted-compiler.ts";
import { moduleBeside, type ToolchainModule } from "../../compiler-host/worker/toolchain-module.ts";
import type { CompilerSettings } from "../compilers.ts";

const MIB = 1024 * 1024;

/** The compiler, and the packages that it loads. */
const TOOLCHAIN: ToolchainModule = {
  url: moduleBeside(import.meta.url, "toolchain"),
  packages: [
    ["assemblyscript", null],
    ["binaryen", "assemblyscript"],
    ["long", "assemblyscript"],
  ],
};

/** asc in its own process; its binaryen has a Wasm memory that never shrinks. */
export function createCompiler({ hosted }: CompilerSettings): HostedCompiler {
  return new HostedCompiler(
    {
      fingerprint: async () =>
        [
          await packageVersion("assemblyscript"),
          await sdkDigest("assemblyscript"),
          ...ASSEMBLYSCRIPT_FLAGS,
        ].join(" "),
      process: {
        toolchain: TOOLCHAIN,
        label: "AssemblyScript",
        execArgv: ["--max-old-space-size=768", "--wasm-max-mem-pages=16384"],
        maxRssBytes: 1024 * MIB,
      },
    },
    hosted,
  );
}
