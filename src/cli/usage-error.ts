// The error for wrong usage of a command.
import { TerrariumError } from "../errors/index.ts";

/** Ends with exit code 2. `reason` says what is wrong, `fix` what to write instead. */
export function usage(reason: string, fix: string): TerrariumError {
  return new TerrariumError("TER_USAGE", { reason, fix });
}
