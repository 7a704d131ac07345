// The flags with which AssemblyScript is compiled, and those that a deploy may add.
import type { FlagPolicy } from "../../compiler-host/flags.ts";

/**
 * Ours; they belong to the cache key. The incremental runtime gives back what the host allocates; the
 * functions behind `abort` and its like are the library's, so that they reach the host by its calls. Level 3
 * takes half as long again to compile (0.65 s of CPU instead of 0.45 s for a small program) for the same
 * size. A table that is neither exported nor called through would be optimised away, and the allocator that
 * the library names with it. Three pages leave more than 100 KiB to the heap, beside asc's own stack of 32
 * KiB: a memory that grew cannot be used again, which costs its run 17 µs or more; wiping two pages more
 * costs 1.5 µs.
 */
export const ASSEMBLYSCRIPT_FLAGS: readonly string[] = [
  "--noColors",
  "--debug",
  "--sourceMap",
  "--runtime",
  "incremental",
  "--exportTable",
  "--initialMemory",
  "3",
  "--optimizeLevel",
  "2",
  "--shrinkLevel",
  "0",
  ...["abort", "trace", "seed"].flatMap((name) => ["--use", `${name}=terrarium_${name}`]),
];

/** Nothing that loads code (`--transform`, `--lib`, `--path`, `--config`) or writes further files. */
export const ASSEMBLYSCRIPT_FLAG_POLICY: FlagPolicy = {
  accepted: [
    /^-O[0-3sz]?$/,
    /^-O(speed|size)$/,
    /^--(optimizeLevel|shrinkLevel)=?[0-3]?$/,
    /^[0-3]$/,
    /^--(converge|noAssert|uncheckedBehavior|pedantic|debug)$/,
    /^--(enable|disable)=[a-z,-]+$/,
    /^--use=[\w/]+=[\w/]+$/,
    /^--stackSize=\d+$/,
    /^--runtime=(incremental|minimal|stub)$/,
  ],
  summary:
    "-O…, --optimizeLevel=N, --shrinkLevel=N, --converge, --noAssert, " +
    "--enable=…, --disable=…, --use=…, --runtime=…, --stackSize=N",
};
