// The flags of V8 under which edges run. Everything works without them; figures from Node 26.10 on two cores.

import { spawnSync } from "node:child_process";

/** The release whose V8 these flags were tried on. */
const TRIED_NODE_MAJOR = "26";

/** For `execArgv` of every process that runs guests, through `edgeV8Flags`. */
export const EDGE_V8_FLAGS = [
  // Left to itself V8 compiles a function at its first call, on the thread that serves and where nothing can
  // interrupt it: 29 ms for one function of 1.7 MB. Now all of a module is compiled before it is live, on
  // other threads: 35 ms for that one, 15 ms for the image template (75 KB) instead of 1 ms.
  "--no-wasm-lazy-compilation",
  // Obeys the section with which the rewriter asks for optimised code of functions with loops. V8 never
  // replaces code of a loop that is running, so a hot loop in the first request took 0.83 s at baseline speed
  // and 0.36 s with the hint. A module is live as soon as without (10 ms for the image template); 80 ms of
  // work go on behind it on other threads.
  "--experimental-wasm-compilation-hints",
  // There is an edge for each core, so more threads would collect on the cores of other edges. On one core
  // they only get in each other's way: with 1,000 requests that wait, others had a p99 of 2.4 ms instead of
  // 5.1, and a request took a tenth less CPU time.
  "--no-parallel-scavenge",
  // Frames that a trap shows; V8's ten end before the guest's own function in C programs with a deep libc
  // call.
  "--stack-trace-limit=50",
] as const;

/** Those of the flags that the running Node has: it would not start with one that it does not know. */
export function edgeV8Flags(
  node = { path: process.execPath, version: process.versions.node },
): readonly string[] {
  if (node.version.startsWith(`${TRIED_NODE_MAJOR}.`)) return EDGE_V8_FLAGS;
  return EDGE_V8_FLAGS.filter(
    (flag) => spawnSync(node.path, [flag, "--eval", "0"], { stdio: "ignore" }).status === 0,
  );
}
