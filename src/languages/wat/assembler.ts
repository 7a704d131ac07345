// The text format by the `wast`, `wasmparser` and `wasmprinter` crates, as one module: its source is in
// assembler/, and scripts/wat-assembler.ts builds it. Each call gets a fresh instance, which has no state
// from earlier calls.
import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The result of a call: bytes, a message that refuses the input, or an output beyond its limit. */
export type Outcome =
  | { readonly kind: "done"; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "too-long" };

interface Exports {
  readonly memory: WebAssembly.Memory;
  reserve(bytes: number): number;
  assemble(input: number, bytes: number): number;
  print(input: number, bytes: number, most: number): number;
}

const KINDS = ["done", "refused", "too-long"] as const;
/** In the built package too, the module is next to this file. */
const MODULE_FILE = fileURLToPath(new URL("./assembler.wasm", import.meta.url));

let loading: Promise<WebAssembly.Module> | null = null;

/** Loads the module, so that the first call is fast. */
export async function loadAssembler(): Promise<void> {
  await loadedModule();
}

/** Digest of the module, for fingerprints. */
export async function assemblerDigest(): Promise<string> {
  return hash("sha256", await readFile(MODULE_FILE));
}

/** A text (UTF-8) to a valid module. A message of refusal starts with `line:column:`, both 0 where it concerns none. */
export async function assembleText(text: Uint8Array): Promise<Outcome> {
  const { exports, input } = await instanceWith(text);
  return outcomeAt(exports, exports.assemble(input, text.length));
}

/** A module to its text, of at most this many bytes. */
export async function print(wasm: Uint8Array, maxBytes: number): Promise<Outcome> {
  const { exports, input } = await instanceWith(wasm);
  return outcomeAt(exports, exports.print(input, wasm.length, maxBytes));
}

function loadedModule(): Promise<WebAssembly.Module> {
  return (loading ??= readFile(MODULE_FILE).then((bytes) => WebAssembly.compile(bytes)));
}

async function instanceWith(
  bytes: Uint8Array,
): Promise<{ readonly exports: Exports; readonly input: number }> {
  const instance = new WebAssembly.Instance(await loadedModule(), {});
  const exports = instance.exports as unknown as Exports;
  const input = exports.reserve(bytes.length);
  new Uint8Array(exports.memory.buffer).set(bytes, input);
  return { exports, input };
}

/** The block at an address: status, length, contents. */
function outcomeAt({ memory }: Exports, address: number): Outcome {
  const [status = 0, length = 0] = new Uint32Array(memory.buffer.slice(address, address + 8));
  const bytes = new Uint8Array(memory.buffer.slice(address + 8, address + 8 + length));
  const kind = KINDS[status] ?? "too-long";
  if (kind === "done") return { kind, bytes };
  return kind === "refused" ? { kind, message: new TextDecoder().decode(bytes) } : { kind };
}
