// The state of Rust on this machine in words, the same for `terrarium doctor` and for the API.
import type { RustState } from "./compiler.ts";
import { isMissing } from "./toolchain.ts";

/** What there is to say; `fix` is the command that fixes it, null if nothing is wrong. */
export interface Words {
  readonly text: string;
  readonly fix: string | null;
}

export const BUBBLEWRAP_REMEDY = "apt-get install bubblewrap";

export function toolchainWords({ toolchain }: RustState): Words {
  if (isMissing(toolchain))
    return { text: `${toolchain.reason}: Rust programs cannot be built`, fix: toolchain.remedy };
  return {
    text: `${toolchain.version}${toolchain.library === "source" ? ", the library is built from source" : ""}`,
    fix: null,
  };
}

export function cratesWords({ isPrepared }: RustState): Words {
  return isPrepared
    ? { text: "prepared", fix: null }
    : { text: "not prepared: the first build takes minutes", fix: "terrarium doctor --fix" };
}

/** Of a server that takes programs from other machines: it builds none without walls. */
export function sandboxWords({ hasSandbox }: RustState): Words {
  return hasSandbox
    ? { text: "bubblewrap", fix: null }
    : { text: "bubblewrap is missing: Rust programs cannot be built", fix: BUBBLEWRAP_REMEDY };
}
