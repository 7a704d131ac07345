// An end of a command that is not a success: the text for people, the name for `--json`, the exit code.
import { TerrariumError } from "../errors/index.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";

/** Thrown by commands; `main.ts` prints it. */
export class Failure extends Error {
  readonly exitCode: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    options: {
      readonly exitCode: number;
      readonly code: string;
      readonly details?: Readonly<Record<string, unknown>>;
    },
  ) {
    super(message);
    this.name = "Failure";
    this.exitCode = options.exitCode;
    this.code = options.code;
    this.details = options.details ?? {};
  }
}

/** A wrong use of the command. */
export function usage(message: string): Failure {
  return new Failure(message, { exitCode: EXIT.usage, code: "TER_USAGE" });
}

/** Anything thrown as a failure. */
export function asFailure(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  if (cause instanceof TerrariumError)
    return new Failure(cause.message, {
      exitCode: exitCodeOf(cause.code),
      code: cause.code,
      details: cause.details,
    });
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new Failure(`${text}\nThis is a bug of ours.`, { exitCode: EXIT.failed, code: "TER_INTERNAL" });
}
