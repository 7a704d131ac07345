// The wire form of errors: between processes and threads, in problem+json, and in `--json` output.
import { CATALOGUE, type ErrorCode } from "./catalogue.ts";
import { asTerrariumError, type ErrorDetails, TerrariumError } from "./terrarium-error.ts";

/** An error as plain data. */
export interface WireError {
  readonly code: string;
  /** What happened, filled. */
  readonly message: string;
  /** What to do about it, filled. */
  readonly fix: string;
  readonly details: ErrorDetails;
}

/** RFC 9457 problem details with the wire form in them; `title` is the message under the RFC's name. */
export interface Problem extends Omit<WireError, "message"> {
  readonly type: string;
  readonly title: string;
  readonly status: number;
}

/** Whether the catalogue has this code. */
function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(CATALOGUE, code);
}

/** Anything thrown, as plain data. */
export function toWire(cause: unknown): WireError {
  const { code, message, fix, details } = asTerrariumError(cause);
  return { code, message, fix, details };
}

/** The error that `toWire` was given. A code of another version becomes TER_UNKNOWN_CODE, which names it. */
export function fromWire({ code, message, fix, details }: WireError): TerrariumError {
  if (isErrorCode(code)) return TerrariumError.of(code, details, { texts: { message, fix } });
  return new TerrariumError("TER_UNKNOWN_CODE", { ...details, code, message, fix });
}

/** The body of an API response that carries an error. */
export function toProblem(error: TerrariumError): Problem {
  const { code, message, fix, details } = error;
  return { type: `urn:terrarium:error:${code}`, title: message, status: error.status, code, fix, details };
}

/** The error in an API response's body; undefined if the body is not one of this API's problems. */
export function fromProblem(body: unknown): TerrariumError | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { code, title, fix = "", details = {} } = body as Partial<Problem>;
  if (typeof code !== "string" || typeof title !== "string") return undefined;
  return fromWire({ code, message: title, fix, details });
}
