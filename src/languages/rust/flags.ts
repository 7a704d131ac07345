// Flags of a deploy request that are passed to rustc.
import { TerrariumError } from "../../errors/index.ts";

/**
 * Accepted flags: levels, features of code and target, lints. Nothing that names a file or runs a program.
 */
const ACCEPTED = [
  /^-C(opt-level=[0123sz]|overflow-checks=(on|off)|debug-assertions=(on|off)|target-feature=[+,a-z0-9-]+|codegen-units=[1-9][0-9]?|lto=(fat|thin|off)|strip=(none|debuginfo|symbols)|debuginfo=(0|1|2|line-tables-only)|link-arg=-zstack-size=[0-9]+)$/,
  /^--cfg=[a-zA-Z0-9_="-]+$/,
  /^-[AWDF][a-z_-]+$/,
];

/** The flags, if all are accepted; else TER_BUILD_FLAG_REFUSED. `-C lto=fat` may come in one piece or two. */
export function rustFlags(flags: readonly string[]): string[] {
  const joined = flags
    .join(" ")
    .replaceAll(
      /(^| )(-C|--cfg|-[AWDF]) +/g,
      (_, before: string, flag: string) => `${before}${flag}${flag === "--cfg" ? "=" : ""}`,
    );
  const all = joined.split(" ").filter((flag) => flag !== "");
  const refused = all.find((flag) => !ACCEPTED.some((pattern) => pattern.test(flag)));
  if (refused === undefined) return all;
  throw new TerrariumError("TER_BUILD_FLAG_REFUSED", {
    flag: refused,
    fix:
      "Remove it, or use one of: -C opt-level, overflow-checks, target-feature, lto, strip, " +
      "debuginfo; --cfg; -A -W -D -F lints",
  });
}
