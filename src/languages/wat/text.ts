// A module in the text format: with its names if it has any, and one instruction per line. It assembles to
// the same module.
import { TerrariumError } from "../../errors/index.ts";
import { print } from "./assembler.ts";

/** Longest text, in bytes. */
export const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** The text. Throws TER_WASM_INVALID, TER_MODULE_TEXT_UNBOUNDED. */
export async function disassemble(wasm: Uint8Array): Promise<string> {
  const outcome = await print(wasm, MAX_TEXT_BYTES);
  if (outcome.kind === "done") return new TextDecoder().decode(outcome.bytes);
  if (outcome.kind === "refused") throw new TerrariumError("TER_WASM_INVALID", { reason: outcome.message });
  throw new TerrariumError("TER_MODULE_TEXT_UNBOUNDED", { allowed: MAX_TEXT_BYTES });
}
