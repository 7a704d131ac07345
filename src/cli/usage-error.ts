// What a wrong use of the command comes to.
import { TerrariumError } from "../errors/index.ts";

/** An end with exit code 2. `reason` says what is wrong, `fix` what to write instead. */
export function usage(reason: string, fix: string): TerrariumError {
  return new TerrariumError("TER_USAGE", { reason, fix });
}
