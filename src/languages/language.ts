// What the platform knows about a language without running its compiler.

export interface LanguageDescription {
  /** Name in the API, in `terrarium.toml` and behind `--lang`; also the language's folder. */
  readonly name: string;
  /** Another language's name by which clients of the deploy protocol may also mean this one. */
  readonly family?: string;
  /** Name for people. */
  readonly label: string;
  /** The entry file, as an error message names it. */
  readonly entry: string;
  /** True for a file whose presence means that the project is in this language. */
  readonly isEntry: (name: string) => boolean;
  /** Files to open first in an editor, in order of preference. */
  readonly openFirst: readonly string[];
  /** False: the compiler is the machine's own, and may be missing. */
  readonly isBundled: boolean;
}
