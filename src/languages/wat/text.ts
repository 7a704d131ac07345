// A module in the text format, by wabt: its names where it has some, one instruction a line.
import loadWabt from "wabt";
import { TerrariumError } from "../../errors/index.ts";

const FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  extended_const: true,
};

/**
 * Longest text, in characters. Each line is indented by its nesting, so that text grows with the square of
 * the depth: 30 KB of nested blocks come to 200 MB.
 */
export const MAX_TEXT_CHARACTERS = 8 * 1024 * 1024;

/**
 * The text. Throws TER_WASM_INVALID, TER_MODULE_TEXT_UNBOUNDED; any other error: wabt broke, or came to the
 * end of its memory. What it wrote is right at any depth: wabt writes instructions one after the other,
 * unlike its parser, which calls itself.
 */
export async function disassemble(wasm: Uint8Array): Promise<string> {
  // An instance of its own, thrown away with all that it holds: freeing a module is what calls itself once
  // for each level.
  const { readWasm } = await loadWabt();
  // A copy of its own, because wabt takes a view for its whole buffer.
  const module = orInvalid(() => readWasm(new Uint8Array(wasm), { ...FEATURES, readDebugNames: true }));
  module.generateNames();
  module.applyNames();
  const text = module.toText({ foldExprs: false, inlineExport: false });
  if (text.length > MAX_TEXT_CHARACTERS)
    throw new TerrariumError("TER_MODULE_TEXT_UNBOUNDED", { allowed: MAX_TEXT_CHARACTERS });
  return text;
}

function orInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof WebAssembly.RuntimeError || error instanceof RangeError)
      throw error;
    throw new TerrariumError("TER_WASM_INVALID", { reason: error.message }, { cause: error });
  }
}
