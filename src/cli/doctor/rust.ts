// Checks of what Rust programs are built with. All other languages bring their own compilers.
import { defaultRustSettings, isMissing, RustCompiler, type RustSettings, type RustState, rustState } from "../../build/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { type Finding, ok } from "./finding.ts";

/** Toolchain and crates; with `fix`, prepares the crates first, which takes minutes the first time. `say` gets the progress. */
export async function checkRust(fix: boolean, say: (text: string) => void, settings: RustSettings = defaultRustSettings()): Promise<Finding[]> {
  const failure = fix ? await prepare(settings, say) : null;
  const state = await rustState(settings);
  return [toolchainFinding(state), ...(isMissing(state.toolchain) ? [] : [cratesFinding(state, failure)])];
}

function toolchainFinding({ toolchain }: RustState): Finding {
  const name = "Rust toolchain";
  if (!isMissing(toolchain)) return ok(name, `${toolchain.version}${toolchain.library === "source" ? ", the library is built from source" : ""}`);
  return { name, state: "warning", text: `${toolchain.reason}: Rust programs cannot be built`, mend: toolchain.remedy };
}

function cratesFinding({ isPrepared }: RustState, failure: string | null): Finding {
  const name = "Rust crates";
  if (isPrepared) return ok(name, "prepared");
  return { name, state: "warning", text: failure ?? "not prepared: the first build takes minutes", mend: "terrarium doctor --fix" };
}

/** Null, or why it failed. */
async function prepare(settings: RustSettings, say: (text: string) => void): Promise<string | null> {
  const { toolchain, isPrepared } = await rustState(settings);
  if (isPrepared || isMissing(toolchain)) return null;
  const compiler = new RustCompiler(settings);
  try {
    await compiler.prewarm(say);
    return null;
  } catch (error) {
    if (error instanceof TerrariumError) return error.message;
    throw error;
  } finally {
    await compiler.close();
  }
}
