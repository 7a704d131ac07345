// What the platform knows of a language without running its compiler.

export interface LanguageDescription {
  /** Name in the API, in `terrarium.toml` and behind `--lang`; also the language's folder. */
  readonly name: string;
  /** The word by which clients of the deploy protocol mean it too, where that is another language's name. */
  readonly family?: string;
  /** Name for people. */
  readonly label: string;
  /** The entry file, as an error message names it. */
  readonly entry: string;
  /** True for a file whose presence makes a project one of this language. */
  readonly isEntry: (name: string) => boolean;
  /** Files to open first in an editor, the best first. */
  readonly openFirst: readonly string[];
  /** False: the compiler is the machine's own, and may be missing. */
  readonly isBundled: boolean;
}
