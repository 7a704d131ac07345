// The text format, by wabt: `src/main.wat` to a module with its names.
import loadWabt from "wabt";
import type { Diagnostic } from "../../compiler-host/compiler.ts";
import type { Toolchain, ToolchainJob, ToolchainResult } from "../../compiler-host/worker/protocol.ts";
import { checkFlags } from "../../compiler-host/flags.ts";
import { disassemble } from "./text.ts";
import { deepestNesting } from "./nesting.ts";

const ENTRY = "src/main.wat";

// All that wabt knows: what the platform does not accept is refused later, by name, instead of as a syntax
// error.
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

/**
 * wabt reads a nested construct by calling itself, on a stack of 64 KiB that ends between 100 and 200 levels,
 * silently: it then runs for ever. Modules that compilers made without optimising nest deeper. Those go to
 * binaryen, which writes equal code in other words.
 */
const MAX_WABT_NESTING = 64;

type Wabt = Awaited<ReturnType<typeof loadWabt>>;
type WabtModule = ReturnType<Wabt["parseWat"]>;

/** The assembler. */
export async function createToolchain(): Promise<Toolchain> {
  const wabt = await loadWabt();
  return {
    warm: async () => undefined,
    compile: async (job) =>
      deepestNesting(sourceOf(job)) > MAX_WABT_NESTING ? compileDeep(job) : compile(wabt, job),
    disassemble,
  };
}

function compile(wabt: Wabt, job: ToolchainJob): ToolchainResult {
  checkFlags(job.flags, { accepted: [], summary: null });
  const source = sourceOf(job);
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

/** The text; a copy of its own, because wabt takes a view for its whole buffer. */
function sourceOf(job: ToolchainJob): Uint8Array {
  return new Uint8Array(job.files.get(ENTRY) ?? []);
}

/** The copy of binaryen that comes with the AssemblyScript compiler. */
async function compileDeep(job: ToolchainJob): Promise<ToolchainResult> {
  checkFlags(job.flags, { accepted: [], summary: null });
  const { default: binaryen } = await import("assemblyscript/binaryen");
  try {
    const parsed = binaryen.parseText(new TextDecoder().decode(sourceOf(job)));
    parsed.setFeatures(binaryen.Features.All);
    binaryen.setDebugInfo(true);
    const wasm = parsed.emitBinary();
    parsed.dispose();
    return { wasm, diagnostics: [] };
  } catch (error) {
    return { wasm: null, diagnostics: reportDeep(error, job) };
  }
}

/** What binaryen throws is an object with a message: `12:5: error: …`, lines and columns from 1. */
function reportDeep(error: unknown, job: ToolchainJob): Diagnostic[] {
  if (typeof error !== "object" || error === null || error instanceof Error) throw error;
  const text = `${ENTRY}:${String((error as { message?: unknown }).message)}\n`;
  job.write(text);
  const found = parseDiagnostics(text);
  return found.length > 0
    ? found
    : [{ severity: "error", file: ENTRY, line: null, column: null, message: text.trimEnd() }];
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
    throw new Error(
      `Cannot assemble this text with wabt: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  // "parseWat failed:\nsrc/main.wat:3:5: error: …": the first line is wabt's function.
  const text = error.message.replace(/^\w+ failed:\n/, "");
  job.write(text.endsWith("\n") ? text : `${text}\n`);
  return parseDiagnostics(text);
}

function parseDiagnostics(text: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [, line, column, severity, message] of text.matchAll(
    /^src\/main\.wat:(\d+):(\d+): (error|warning): (.*)$/gm,
  )) {
    found.push({
      severity: severity === "warning" ? "warning" : "error",
      file: ENTRY,
      line: Number(line),
      column: Number(column),
      message: message ?? "",
    });
  }
  return found;
}
