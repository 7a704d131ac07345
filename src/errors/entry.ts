// What the catalogue knows about one error.
import type { ExitName } from "./exit-codes.ts";

/** Who has to act: the person or client (`user`), the author of the guest program (`guest`), or the platform (`system`). */
export type ErrorKind = "user" | "guest" | "system";

/** One entry of the catalogue. Both texts may hold `{name}` placeholders, filled from the error's details. */
export interface ErrorEntry {
  readonly kind: ErrorKind;
  /** HTTP status of the response that this error becomes. */
  readonly status: number;
  /** The exit code of a command that meets this error. */
  readonly exit: ExitName;
  /** What happened. Capital first, no full stop at the end. */
  readonly message: string;
  /** What to do about it. Capital first, no full stop at the end. */
  readonly fix: string;
  /**
   * The message is the program's or compiler's own text: responses and statuses show it alone, without the
   * fix.
   */
  readonly verbatim?: true;
}
