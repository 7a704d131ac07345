// The errors that the code of a hostcall may throw. Only the border turns them into the end of an instance.
import { type LimitName, fixForLimit } from "../config/limits.ts";
import { TerrariumError, type ErrorCode, type ErrorDetails } from "../errors/index.ts";

/** An error of the catalogue that still lacks the hostcall's name, which only the border knows. */
export class CallError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(code);
    this.name = "CallError";
    this.code = code;
    this.details = details;
  }

  /** The error, as the guest's author sees it. */
  in(hostcall: string): TerrariumError {
    return TerrariumError.of(this.code, { hostcall, ...this.details });
  }
}

/** The guest passed something that no correct program passes. */
export function badCall(reason: string): CallError {
  return new CallError("TER_GUEST_BAD_CALL", { reason });
}

/** The hostcall has something to return, but the guest has named no allocator. */
export function noAllocator(): CallError {
  return new CallError("TER_GUEST_NO_ALLOCATOR", {});
}

/**
 * A limit of the run is used up. `limit` reads as in "its limit of subrequests"; `name`: the setting, null
 * for one that is fixed.
 */
export function limitReached(
  limit: string,
  used: number,
  allowed: number,
  name: LimitName | null,
): TerrariumError {
  return new TerrariumError("TER_GUEST_LIMIT", {
    limit,
    used,
    allowed,
    fix: fixForLimit(name, allowed),
  });
}

/** Ends the run as a success: `proc_exit`. */
export class ExitRequest extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.name = "ExitRequest";
    this.code = code;
  }
}

/** Carries an error from a guest function through our frames; the engine interprets it. */
export class GuestUnwinding extends Error {
  constructor(cause: unknown) {
    super("the guest's own code ended", { cause });
    this.name = "GuestUnwinding";
  }
}

/** The run ended while a hostcall waited. */
export class RunEnded extends Error {
  constructor() {
    super("the run ended while a hostcall waited");
    this.name = "RunEnded";
  }
}
