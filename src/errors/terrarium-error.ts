import { CATALOGUE, type ErrorCode } from "./catalogue.ts";

/**
 * Who has to act: the person or client (`user`), the author of the guest program (`guest`), or us (`system`).
 */
export type ErrorKind = "user" | "guest" | "system";

/** One entry of the catalogue. `message` may hold `{name}` placeholders, filled from the error's details. */
export interface ErrorEntry {
  readonly kind: ErrorKind;
  /** HTTP status of the response that this error becomes. */
  readonly status: number;
  /** Capital first, no full stop, names the fix; `{limit}` and friends are filled from details. */
  readonly message: string;
}

/** Values for the placeholders of a message; they also travel in problem+json and `--json` output. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** The one error class: a code of the catalogue and what fills its message. */
export class TerrariumError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(fill(CATALOGUE[code].message, details), options);
    this.name = "TerrariumError";
    this.code = code;
    this.details = details;
  }

  get kind(): ErrorKind {
    return CATALOGUE[this.code].kind;
  }

  /** HTTP status of the response that this error becomes. */
  get status(): number {
    return CATALOGUE[this.code].status;
  }

  /** RFC 9457 problem details. */
  toProblem(): { type: string; title: string; status: number; code: ErrorCode; details: ErrorDetails } {
    return {
      type: `about:blank#${this.code}`,
      title: this.message,
      status: this.status,
      code: this.code,
      details: this.details,
    };
  }
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in details ? String(details[name]) : whole,
  );
}
