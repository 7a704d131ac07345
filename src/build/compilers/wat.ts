// WAT as a hosted language.
import { packageVersion } from "../sdk-folder.ts";
import { HostedCompiler, type HostSettings } from "../worker/hosted-compiler.ts";

const MIB = 1024 * 1024;

/** wabt in a process of its own. Its Wasm memory holds some 30 times the text; deep text needs stack, and 8 MiB is the usual size of a thread's. */
export function watCompiler(settings: HostSettings): HostedCompiler {
  return new HostedCompiler(
    {
      language: "wat",
      fingerprint: async () => `${await packageVersion("wabt")} ${await packageVersion("assemblyscript")}`,
      process: {
        toolchain: "wat",
        label: "WAT",
        execArgv: ["--max-old-space-size=512", "--wasm-max-mem-pages=32768", "--stack-size=6000"],
        maxRssBytes: 512 * MIB,
      },
    },
    settings,
  );
}
