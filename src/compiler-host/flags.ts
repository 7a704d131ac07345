// Which compiler flags a deploy may use. Each language lists the patterns that it accepts; any other flag is
// refused.
import { TerrariumError } from "../errors/index.ts";

/** Accepted patterns for one flag, and how an error lists them; null: the language accepts no flags. */
export interface FlagPolicy {
  readonly accepted: readonly RegExp[];
  readonly summary: string | null;
}

/** Throws TER_BUILD_FLAG_REFUSED for the first flag that matches no pattern. */
export function checkFlags(flags: readonly string[], policy: FlagPolicy): void {
  for (const flag of flags) {
    const isAccepted = !flag.includes("\0") && policy.accepted.some((shape) => shape.test(flag));
    if (!isAccepted)
      throw new TerrariumError("TER_BUILD_FLAG_REFUSED", {
        flag: JSON.stringify(flag.slice(0, 200)),
        fix: fixOf(policy),
      });
  }
}

function fixOf({ summary }: FlagPolicy): string {
  return summary === null
    ? "Remove it: this language takes no compiler flags"
    : `Remove it, or use one of: ${summary}`;
}
