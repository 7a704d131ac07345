// Source locations of code offsets, from a module's DWARF, by LLVM's symbolizer.
import { SECTION, splitSections } from "../../wasm/reading/sections.ts";
import type { SourceFrame } from "../../compiler-host/compiler.ts";
import { runTool, treeOf } from "./llvm.ts";

const MODULE = "module.wasm";
/** Arguments of one run; a trap has about a dozen frames. */
const MAX_OFFSETS = 1000;

interface SymbolizedAddress {
  readonly Symbol?: readonly {
    readonly FunctionName: string;
    readonly FileName: string;
    readonly Line: number;
    readonly Column: number;
  }[];
}

/**
 * For each byte offset into the module its source frames, inlined callees first; empty where nothing is
 * known. The outermost frame has no name: the caller knows the function better than a line table does.
 */
export async function symbolizeDwarf(wasm: Uint8Array, offsets: readonly number[]): Promise<SourceFrame[][]> {
  const codeStart = findCode(wasm);
  if (codeStart === null || offsets.length === 0) return offsets.map(() => []);
  // DWARF in Wasm counts from the start of the code section's contents (tool-conventions, Debugging.md).
  const addresses = offsets
    .slice(0, MAX_OFFSETS)
    .map((offset) => `0x${Math.max(0, offset - codeStart).toString(16)}`);
  const run = await runTool(
    ["symbolizer", `--obj=${MODULE}`, "--output-style=JSON", "--inlines", ...addresses],
    treeOf([[MODULE, wasm]]),
  );
  const answers = run.ok ? (JSON.parse(run.stdout) as SymbolizedAddress[]) : [];
  return offsets.map((_, index) => framesOf(answers[index]));
}

function framesOf(answer: SymbolizedAddress | undefined): SourceFrame[] {
  const symbols = (answer?.Symbol ?? []).filter(({ FileName, Line }) => FileName !== "" && Line > 0);
  return symbols.map(({ FunctionName, FileName, Line, Column }, index) => ({
    functionName: index === symbols.length - 1 || FunctionName === "" ? null : FunctionName,
    file: FileName.replace(/^\.?\//, ""),
    line: Line,
    column: Column > 0 ? Column : null,
  }));
}

function findCode(wasm: Uint8Array): number | null {
  return splitSections(wasm).find(({ id }) => id === SECTION.code)?.start ?? null;
}
