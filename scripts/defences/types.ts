// What a defence is, and how its removal is written down.

/** One defence: the text of the source that makes it, what the source looks like without it, and the tests that must notice. */
export interface Defence {
  /** What is defended, in one sentence. */
  readonly name: string;
  /** Source file that holds it, from the root of the repository. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly present: string;
  /** What stands there once the defence is gone. */
  readonly removed: string;
  /** Test file that turns red. */
  readonly test: string;
  /** Time that one test may take; 20 s if left out. Tests that start compilers need more. */
  readonly testTimeoutMs?: number;
  /** True where something runs or waits for ever without it: then a test that does not end in time is proof, which else may mean a busy machine. */
  readonly endless?: true;
  /** True where something else stops root already, so that only an ordinary user can show what this defence adds. */
  readonly needsOrdinaryUser?: true;
}
