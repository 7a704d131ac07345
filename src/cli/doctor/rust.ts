// Checks of the Rust toolchain. All other languages come with their compilers.
import {
  cratesText,
  defaultRustSettings,
  isToolchainMissing,
  RustCompiler,
  type RustSettings,
  rustState,
  toolchainText,
  type StateText,
} from "../../languages/rust/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { type Finding, ok } from "./finding.ts";

/**
 * Toolchain and crates; with `fix`, prepares the crates first, which takes minutes the first time. `say`
 * reports progress.
 */
export async function checkRust(
  fix: boolean,
  say: (text: string) => void,
  settings: RustSettings = defaultRustSettings(),
): Promise<Finding[]> {
  const failure = fix ? await prepare(settings, say) : null;
  const state = await rustState(settings);
  const crates = cratesText(state);
  const found = [finding("Rust toolchain", toolchainText(state))];
  return isToolchainMissing(state.toolchain)
    ? found
    : [
        ...found,
        finding("Rust crates", {
          ...crates,
          text: state.isPrepared ? crates.text : (failure ?? crates.text),
        }),
      ];
}

function finding(name: string, { text, fix }: StateText): Finding {
  return fix === null ? ok(name, text) : { name, state: "warning", text, fix };
}

/** Null, or why it failed. */
async function prepare(settings: RustSettings, say: (text: string) => void): Promise<string | null> {
  const { toolchain, isPrepared } = await rustState(settings);
  if (isPrepared || isToolchainMissing(toolchain)) return null;
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
