// The flags with which AssemblyScript is compiled, and those that a deploy may add.
import type { FlagPolicy } from "./flags.ts";

/** Ours; they belong to the cache key. */
export const ASSEMBLYSCRIPT_FLAGS: readonly string[] = ["-O2", "--debug", "--sourceMap", "--noColors", "--runtime", "incremental"];

/** Nothing that loads code (`--transform`, `--lib`, `--path`, `--config`) or writes further files. */
export const ASSEMBLYSCRIPT_FLAG_POLICY: FlagPolicy = {
  accepted: [/^-O[0-3sz]?$/, /^-O(speed|size)$/, /^--(optimizeLevel|shrinkLevel)=?[0-3]?$/, /^[0-3]$/, /^--(converge|noAssert|uncheckedBehavior|pedantic|debug)$/, /^--(enable|disable)=[a-z,-]+$/, /^--use=[\w/]+=[\w/]+$/, /^--stackSize=\d+$/, /^--runtime=(incremental|minimal|stub)$/],
  summary: "-O…, --optimizeLevel=N, --shrinkLevel=N, --converge, --noAssert, --enable=…, --disable=…, --use=…, --runtime=…, --stackSize=N",
};
