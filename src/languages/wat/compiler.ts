// WAT as a hosted language.
import { HostedCompiler } from "../../compiler-host/worker/hosted-compiler.ts";
import { moduleBeside, type ToolchainModule } from "../../compiler-host/worker/toolchain-module.ts";
import type { CompilerSettings } from "../compilers.ts";
import { assemblerDigest } from "./assembler.ts";

const MIB = 1024 * 1024;

/** The assembler; it loads no package. */
export const WAT_TOOLCHAIN: ToolchainModule = {
  url: moduleBeside(import.meta.url, "toolchain"),
  packages: [],
};

/**
 * The assembler in its own process: it needs about 30 times the size of the text, and frees it after each
 * job.
 */
export function createCompiler({ hosted }: CompilerSettings): HostedCompiler {
  return new HostedCompiler(
    {
      fingerprint: assemblerDigest,
      process: {
        toolchain: WAT_TOOLCHAIN,
        label: "WAT",
        execArgv: ["--max-old-space-size=512", "--wasm-max-mem-pages=32768"],
        maxRssBytes: 512 * MIB,
      },
    },
    hosted,
  );
}
