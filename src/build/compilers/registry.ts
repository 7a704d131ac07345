// Every language that can be built. A new one is a file beside this one, and its line here.
import type { Language } from "../../store/types.ts";
import type { Compiler, SourceFrame } from "../types.ts";
import type { HostSettings } from "../worker/hosted-compiler.ts";
import { assemblyscriptCompiler } from "./assemblyscript.ts";
import { cCompiler } from "./c.ts";
import { RustCompiler, type RustSettings } from "./rust.ts";
import { wasmCompiler } from "./wasm.ts";
import { watCompiler } from "./wat.ts";

/** Finds source places of offsets into a module with DWARF, whatever language it came from. */
type Symbolizer = (
  wasm: Uint8Array,
  offsets: readonly number[],
  signal: AbortSignal,
) => Promise<readonly (readonly SourceFrame[])[]>;

export interface CompilerSet {
  readonly byLanguage: ReadonlyMap<Language, Compiler>;
  readonly symbolize: Symbolizer;
  /** The language whose queue the symbolizer shares, since it shares the process. */
  readonly symbolizerLanguage: Language;
}

/** Makes all compilers; none starts a process before it is used. */
export function createCompilers(settings: HostSettings, rust: RustSettings): CompilerSet {
  const c = cCompiler(settings);
  const all: readonly Compiler[] = [
    wasmCompiler(),
    watCompiler(settings),
    assemblyscriptCompiler(settings),
    c,
    new RustCompiler(rust),
  ];
  return {
    byLanguage: new Map(all.map((compiler) => [compiler.language, compiler])),
    symbolize: (wasm, offsets, signal) => c.symbolize(wasm, offsets, signal),
    symbolizerLanguage: "c",
  };
}
