// WAT as a hosted language.
import { packageVersion } from "../sdk-folder.ts";
import { HostedCompiler, type HostSettings } from "../worker/hosted-compiler.ts";

const MIB = 1024 * 1024;

/** wabt in a process of its own. Its Wasm memory holds some 30 times the text. */
export function watCompiler(settings: HostSettings): HostedCompiler {
  return new HostedCompiler(
    {
      language: "wat",
      fingerprint: () => packageVersion("wabt"),
      process: { toolchain: "wat", label: "WAT", execArgv: ["--max-old-space-size=512", "--wasm-max-mem-pages=32768"], maxRssBytes: 512 * MIB },
    },
    settings,
  );
}
