// The flags of V8 under which edges run. Everything works without them; figures from Node 26.10 on two cores.

/** For `execArgv` of every process that runs guests. */
export const EDGE_V8_FLAGS = [
  // Left to itself V8 compiles a function at its first call, on the thread that serves and where nothing can interrupt it: 29 ms
  // for one function of 1.7 MB. Now all of a module is compiled before it is live, on other threads: 35 ms for that one, 15 ms for
  // the image template (75 KB) instead of 1 ms.
  "--no-wasm-lazy-compilation",
  // Obeys the section with which the rewriter asks for optimised code of functions with loops. V8 never replaces code of a loop
  // that is running, so a hot loop in the first request took 0.83 s at baseline speed and 0.36 s with the hint. A module is live
  // as soon as without (10 ms for the image template); 80 ms of work go on behind it on other threads.
  "--experimental-wasm-compilation-hints",
  // Frames that a trap shows; V8's ten end before the guest's own function in C programs with a deep libc call.
  "--stack-trace-limit=50",
] as const;
