// How a language identifies the module that a compiler process loads.

/** A package that a compiler loads, and the package that depends on it; null: the platform itself. */
export type CompilerPackage = readonly [name: string, dependent: string | null];

export interface ToolchainModule {
  /** URL of the module; it exports `createToolchain(): Promise<Toolchain>`. */
  readonly url: string;
  /** What the module loads beyond the platform's own files. */
  readonly packages: readonly CompilerPackage[];
}

/** URL of a module in the same folder as `url`, in sources and in the built package alike. */
export function moduleBeside(url: string, name: string): string {
  return new URL(`./${name}${url.slice(url.lastIndexOf("."))}`, url).href;
}
