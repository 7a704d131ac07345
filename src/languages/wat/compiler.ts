// WAT as a hosted language.
import { packageVersion } from "../../compiler-host/sdk-folder.ts";
import { HostedCompiler } from "../../compiler-host/worker/hosted-compiler.ts";
import { moduleBeside, type ToolchainModule } from "../../compiler-host/worker/toolchain-module.ts";
import type { CompilerSettings } from "../compilers.ts";

const MIB = 1024 * 1024;

/** The compiler, and the packages that it loads. */
export const WAT_TOOLCHAIN: ToolchainModule = {
  url: moduleBeside(import.meta.url, "toolchain"),
  packages: [
    ["wabt", null],
    ["assemblyscript", null],
    ["binaryen", "assemblyscript"],
    ["long", "assemblyscript"],
  ],
};

/**
 * wabt in a process of its own. Its Wasm memory holds some 30 times the text; deep text needs stack, and 8
 * MiB is the usual size of a thread's.
 */
export function createCompiler({ hosted }: CompilerSettings): HostedCompiler {
  return new HostedCompiler(
    {
      fingerprint: async () => `${await packageVersion("wabt")} ${await packageVersion("assemblyscript")}`,
      process: {
        toolchain: WAT_TOOLCHAIN,
        label: "WAT",
        execArgv: ["--max-old-space-size=512", "--wasm-max-mem-pages=32768", "--stack-size=6000"],
        maxRssBytes: 512 * MIB,
      },
    },
    hosted,
  );
}
