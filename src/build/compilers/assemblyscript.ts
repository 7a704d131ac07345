// AssemblyScript as a hosted language.
import { packageVersion, sdkDigest } from "../sdk-folder.ts";
import { ASSEMBLYSCRIPT_FLAGS } from "../toolchains/assemblyscript-flags.ts";
import { HostedCompiler, type HostSettings } from "../worker/hosted-compiler.ts";

const MIB = 1024 * 1024;

/** asc in a process of its own; binaryen inside it has a Wasm memory that never shrinks. */
export function assemblyscriptCompiler(settings: HostSettings): HostedCompiler {
  return new HostedCompiler(
    {
      language: "assemblyscript",
      fingerprint: async () =>
        [
          await packageVersion("assemblyscript"),
          await sdkDigest("assemblyscript"),
          ...ASSEMBLYSCRIPT_FLAGS,
        ].join(" "),
      process: {
        toolchain: "assemblyscript",
        label: "AssemblyScript",
        execArgv: ["--max-old-space-size=768", "--wasm-max-mem-pages=16384"],
        maxRssBytes: 1024 * MIB,
      },
    },
    settings,
  );
}
