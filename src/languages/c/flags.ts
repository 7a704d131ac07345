// The flags with which C is compiled and linked, and those that a deploy may add.
import type { FlagPolicy } from "../../compiler-host/flags.ts";

/** Where the header is in clang's file system; projects cannot have a name that starts with a dot. */
export const SDK_INCLUDE = ".terrarium/include";

/**
 * Our flags for each file; they are part of the cache key. Line tables are enough to locate a trap, at a
 * fraction of the size of full DWARF. Compilers of 2019 only warned about what the `-Wno-error` flags name.
 */
export const COMPILE_FLAGS: readonly string[] = [
  "--target=wasm32-wasip1",
  "-std=gnu17",
  "-O2",
  "-gline-tables-only",
  "-fdebug-compilation-dir=.",
  "-Wno-deprecated-non-prototype",
  "-Wno-error=implicit-function-declaration",
  "-Wno-error=implicit-int",
  "-Wno-error=int-conversion",
  "-Wno-error=incompatible-pointer-types",
  "-Wno-error=incompatible-function-pointer-types",
  // setjmp with standard exceptions; code that does not use it stays the same.
  "-mllvm",
  "-wasm-enable-sjlj",
  "-mllvm",
  "-wasm-use-legacy-eh=false",
  "-D_WASI_EMULATED_SIGNAL",
  "-D_WASI_EMULATED_PROCESS_CLOCKS",
  "-D_WASI_EMULATED_MMAN",
  "-D_WASI_EMULATED_GETPID",
];

/**
 * The libraries behind those macros, and libc last: a program's own definition of a libc function comes first
 * and wins.
 */
const LIBRARIES = [
  "-lsetjmp",
  "-lwasi-emulated-signal",
  "-lwasi-emulated-process-clocks",
  "-lwasi-emulated-mman",
  "-lwasi-emulated-getpid",
  "-lc",
];

/**
 * One page more than stack and data need: with the rest of their last page, small programs have about 120 KiB
 * to allocate from. A memory that grew cannot be reused, which costs its run 17 µs or more; wiping the page
 * costs 1 µs.
 */
const FIRST_HEAP = "--initial-heap=65536";

/**
 * 64 KiB is what fits in the pages that a fresh instance wipes. Such a stack goes on elsewhere where a run
 * needs more; a program that looks at its memory's size itself gets all of it at once.
 */
const STACK_BYTES = { small: 64 * 1024, whole: 1024 * 1024 } as const;

/**
 * `small` unless the program might take the memory that the stack grew into for its own, or has a flag that
 * says how much it wants.
 */
export function stackFor(
  sources: Iterable<Uint8Array>,
  linkFlags: readonly string[],
): keyof typeof STACK_BYTES {
  if (linkFlags.some((flag) => flag.startsWith("stack-size="))) return "whole";
  const decoder = new TextDecoder();
  for (const source of sources)
    if (/\b(__builtin_wasm_memory_grow|__heap_(base|end)|sbrk)\b/.test(decoder.decode(source)))
      return "whole";
  return "small";
}

/**
 * Arguments of the linker. The stack comes first in memory, so that an overflow traps instead of overwriting
 * data.
 */
export function linkArguments(
  objects: readonly string[],
  flags: readonly string[],
  output: string,
  libraries: readonly string[] = [],
  stack: keyof typeof STACK_BYTES = "small",
): string[] {
  return [
    "wasm-ld",
    "-m",
    "wasm32",
    "-L/usr/lib/wasm32-unknown-wasip1",
    "-L/usr/lib/wasm32-wasip1",
    "/usr/lib/wasm32-wasip1/crt1-reactor.o",
    "--entry",
    "_initialize",
    ...objects,
    "--export-if-defined=run",
    "--stack-first",
    "-z",
    `stack-size=${STACK_BYTES[stack]}`,
    ...(flags.some((flag) => /^--initial-(memory|heap)=/.test(flag)) ? [] : [FIRST_HEAP]),
    ...flags,
    ...libraries,
    ...LIBRARIES,
    "/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a",
    "-o",
    output,
  ];
}

// Relative and inside: the compiler's file system holds nothing else, but a clear refusal beats a missing
// file.
const INSIDE = "(?!/)(?!.*(^|/)\\.\\.(/|$)).+";

/** Nothing that loads plugins, reads or writes other files, or changes the target. */
export const C_FLAG_POLICY: FlagPolicy = {
  accepted: [
    /^-O([0-3sz]|fast|g)?$/,
    /^-[DU][A-Za-z_]\w*(=.*)?$/,
    /^-W(?![lap],)[\w=+-]*$/,
    /^-w$/,
    /^-(pedantic|pedantic-errors|ansi)$/,
    /^-std=[\w+:]+$/,
    /^-f(?!plugin|profile|coverage|dump|save|module|implicit-module|prebuilt|debug-|crash|diagnostics|embed|sycl|openmp|thinlto|lto|pass-plugin|integrated|no-integrated|syntax-only|pch|proc-stat|time-trace|stack-usage|record-|use-ld|cuda|xray|sanitize|exec-charset|input-charset|file-prefix|macro-prefix|build-session)[\w=+-]+$/,
    /^-m(no-)?(simd128|relaxed-simd|bulk-memory|bulk-memory-opt|sign-ext|nontrapping-fptoint|multivalue|mutable-globals|reference-types|tail-call|extended-const)$/,
    /^-g([0-3]|line-tables-only)?$/,
    new RegExp(`^-I${INSIDE}$`),
    /^-l(m|c|setjmp)$/,
    /^-s$/,
    /^-Wl,(-z,stack-size=\d+|--(initial-memory|max-memory|initial-heap)=\d+|--export(-if-defined)?=[\w.$]+|--strip-(all|debug)|--allow-undefined|--gc-sections|--no-gc-sections|-s|-S)$/,
  ],
  summary:
    "-O…, -D…, -U…, -W…, -std=…, -f…, -I inside the project, -m features " +
    "such as -msimd128, -g…, -Wl,-z,stack-size=N, -Wl,--export=NAME",
};

/** Splits a deploy's flags into those of each file and those of the linker. */
export function splitFlags(flags: readonly string[]): {
  readonly compile: readonly string[];
  readonly link: readonly string[];
} {
  const link = flags.filter((flag) => flag.startsWith("-Wl,")).flatMap((flag) => flag.split(",").slice(1));
  if (flags.includes("-s")) link.push("-s");
  const compile = flags.filter((flag) => !flag.startsWith("-Wl,") && !flag.startsWith("-l") && flag !== "-s");
  return { compile, link };
}

/** printf and scanf with long doubles: 20 KB more, for programs whose literals have such a conversion. */
const LONG_DOUBLE_LIBRARY = "-lc-printscan-long-double";

/**
 * The libraries that these objects need beyond those of every program. In an object, a format is whole, be it
 * from a header or put together by macros.
 */
export function librariesFor(objects: Iterable<Uint8Array>): string[] {
  const decoder = new TextDecoder("latin1");
  for (const object of objects)
    if (/%[-+ #0-9.*'$]*L[aefg]/i.test(decoder.decode(object))) return [LONG_DOUBLE_LIBRARY];
  return [];
}
