// How a language names the module that a compiler process loads.

/** A package that a compiler loads, and the one that depends on it; null: the platform does. */
export type CompilerPackage = readonly [name: string, dependent: string | null];

export interface ToolchainModule {
  /** Address of the module; it exports `createToolchain(): Promise<Toolchain>`. */
  readonly url: string;
  /** What the module loads beyond the platform's own files. */
  readonly packages: readonly CompilerPackage[];
}

/** Address of a module in the same folder as the one at `url`, in sources and in the built package alike. */
export function moduleBeside(url: string, name: string): string {
  return new URL(`./${name}${url.slice(url.lastIndexOf("."))}`, url).href;
}
