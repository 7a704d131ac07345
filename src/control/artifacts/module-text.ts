// A module in the text format, by wabt. It works on this thread, so only modules that take it a fraction of a second.
import { TerrariumError } from "../../errors/index.ts";

const MAX_BYTES = 512 * 1024;

const FEATURES = {
  exceptions: true, mutable_globals: true, sat_float_to_int: true, sign_extension: true, simd: true, multi_value: true, tail_call: true,
  bulk_memory: true, reference_types: true, extended_const: true,
};

/** The text. Throws TER_MODULE_TEXT_TOO_LARGE, TER_WASM_INVALID. */
export async function moduleText(wasm: Uint8Array): Promise<string> {
  if (wasm.byteLength > MAX_BYTES) throw new TerrariumError("TER_MODULE_TEXT_TOO_LARGE", { used: wasm.byteLength, allowed: MAX_BYTES });
  // Loaded when it is first wanted: starting the server does not wait for it. Its factory makes one instance a call.
  const { default: loadWabt } = await import("wabt");
  const { readWasm } = await loadWabt();
  try {
    const module = readWasm(wasm, { ...FEATURES, readDebugNames: true });
    try {
      module.generateNames();
      module.applyNames();
      return module.toText({ foldExprs: false, inlineExport: false });
    } finally {
      module.destroy();
    }
  } catch (error) {
    throw new TerrariumError("TER_WASM_INVALID", { reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}
