// The flags with which AssemblyScript is compiled, and those that a deploy may add.
import type { FlagPolicy } from "../../compiler-host/flags.ts";

/**
 * Our own flags; they are part of the cache key. The incremental runtime frees what the host allocates. The
 * functions behind `abort` and the like are the library's, so that they reach the host through hostcalls.
 * Level 3 takes half as long again to compile (0.65 s of CPU instead of 0.45 s for a small program) for the
 * same size. A table that is neither exported nor called through would be optimized away, along with the
 * allocator that the library names. Three pages leave more than 100 KiB for the heap, besides asc's own stack
 * of 32 KiB: a memory that grew cannot be reused, which costs its run 17 µs or more, while wiping two more
 * pages costs 1.5 µs.
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

/** Nothing that loads code (`--transform`, `--lib`, `--path`, `--config`) or writes other files. */
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
