// The text format, by wabt: `src/main.wat` to a module with its names.
import loadWabt from "wabt";
import type { Diagnostic } from "../types.ts";
import type { Toolchain, ToolchainJob, ToolchainResult } from "../worker/protocol.ts";
import { checkFlags } from "./flags.ts";

const ENTRY = "src/main.wat";

// All that wabt knows: what the platform does not accept is refused later, by name, instead of as a syntax error.
const FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  function_references: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  annotations: true,
  code_metadata: true,
  gc: true,
  memory64: true,
  multi_memory: true,
  extended_const: true,
  relaxed_simd: true,
};

type Wabt = Awaited<ReturnType<typeof loadWabt>>;
type WabtModule = ReturnType<Wabt["parseWat"]>;

/** The assembler. */
export async function watToolchain(): Promise<Toolchain> {
  const wabt = await loadWabt();
  return {
    warm: async () => undefined,
    compile: async (job) => compile(wabt, job),
  };
}

function compile(wabt: Wabt, job: ToolchainJob): ToolchainResult {
  checkFlags(job.flags, { accepted: [], summary: "none for WAT" });
  // A copy of its own: wabt takes a view for its whole buffer.
  const source = new Uint8Array(job.files.get(ENTRY) ?? []);
  let parsed: WabtModule | null = null;
  try {
    // wabt hands the name to C without the NUL at its end.
    parsed = wabt.parseWat(`${ENTRY}\0`, source, FEATURES);
    parsed.resolveNames();
    validate(parsed);
    return { wasm: assemble(parsed), diagnostics: [] };
  } catch (error) {
    return { wasm: null, diagnostics: report(error, job) };
  } finally {
    parsed?.destroy();
  }
}

/** The declared type forgot that `validate` takes features, without which it refuses what `parseWat` took. */
function validate(parsed: WabtModule): void {
  (parsed.validate as (features: typeof FEATURES) => void).call(parsed, FEATURES);
}

function assemble(parsed: WabtModule): Uint8Array {
  // The bytes lie in wabt's memory, which the next job overwrites.
  return parsed.toBinary({ canonicalize_lebs: true, write_debug_names: true }).buffer.slice();
}

function report(error: unknown, job: ToolchainJob): Diagnostic[] {
  if (!(error instanceof Error) || error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    throw new Error(`wabt cannot take this text: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  // "parseWat failed:\nsrc/main.wat:3:5: error: …": the first line is wabt's function.
  const text = error.message.replace(/^\w+ failed:\n/, "");
  job.write(text.endsWith("\n") ? text : `${text}\n`);
  return parseDiagnostics(text);
}

function parseDiagnostics(text: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [, line, column, severity, message] of text.matchAll(/^src\/main\.wat:(\d+):(\d+): (error|warning): (.*)$/gm)) {
    found.push({ severity: severity === "warning" ? "warning" : "error", file: ENTRY, line: Number(line), column: Number(column), message: message ?? "" });
  }
  return found;
}
