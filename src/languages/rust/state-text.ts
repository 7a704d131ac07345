// The state of Rust on this machine as text, the same for `terrarium doctor` and for the API.
import type { RustState } from "./state.ts";
import { isToolchainMissing } from "./toolchain.ts";

/** The state as text; `fix` is the command that fixes it, null if nothing is wrong. */
export interface StateText {
  readonly text: string;
  readonly fix: string | null;
}

export const BUBBLEWRAP_FIX = "apt-get install bubblewrap";

export function toolchainText({ toolchain }: RustState): StateText {
  if (isToolchainMissing(toolchain))
    return { text: `${toolchain.reason}: Rust programs cannot be built`, fix: toolchain.fix };
  return {
    text: `${toolchain.version}${toolchain.library === "source" ? ", the library is built from source" : ""}`,
    fix: null,
  };
}

export function cratesText({ isPrepared }: RustState): StateText {
  return isPrepared
    ? { text: "prepared", fix: null }
    : { text: "not prepared: the first build takes minutes", fix: "terrarium doctor --fix" };
}

/** For a server that accepts programs from other machines: it builds none without a sandbox. */
export function sandboxText({ hasSandbox }: RustState): StateText {
  return hasSandbox
    ? { text: "bubblewrap", fix: null }
    : { text: "bubblewrap is missing: Rust programs cannot be built", fix: BUBBLEWRAP_FIX };
}
