// Loads a language's compiler from its folder, when it is first needed.
import type { Compiler } from "../compiler-host/compiler.ts";
import type { HostSettings } from "../compiler-host/worker/hosted-compiler.ts";
import type { Language } from "./list.ts";
import type { RustSettings } from "./rust/settings.ts";

export interface CompilerSettings {
  /** For compilers that come with the platform. */
  readonly hosted: HostSettings;
  /**
   * For compilers of the machine. Defaults: its own toolchain and cache, no extra crates, and a sandbox if
   * there is one.
   */
  readonly rust?: Partial<RustSettings>;
}

/** What `compiler.ts` of each language exports. */
interface CompilerModule {
  createCompiler(settings: CompilerSettings): Compiler;
}

/** Creates a language's compiler; it starts no process before it is used. */
export async function loadCompiler(language: Language, settings: CompilerSettings): Promise<Compiler> {
  const module = (await import(`./${language}/compiler.ts`)) as CompilerModule;
  return module.createCompiler(settings);
}
