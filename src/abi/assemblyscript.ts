// The types of what modules by plain `asc` import from `env`, besides hostcalls: the compiler's own functions
// and those of its standard library.
import type { HostcallSignature } from "./table.ts";

/** Parameters and results by letter: `i` for i32, `d` for f64. */
const TYPES = {
  abort: ["iiii", ""],
  seed: ["", "d"],
  trace: ["iiddddd", ""],
  "console.debug": ["i", ""],
  "console.error": ["i", ""],
  "console.info": ["i", ""],
  "console.log": ["i", ""],
  "console.warn": ["i", ""],
  "Date.now": ["", "d"],
  "performance.now": ["", "d"],
} as const;

/** Name of a function that `asc` may have a module import. */
export type AssemblyScriptName = keyof typeof TYPES;

/** Wasm types by name. Null prototype: names come from modules. */
export const ASSEMBLYSCRIPT_SIGNATURES: Readonly<Record<string, HostcallSignature>> =
  Object.freeze(signatures());

function signatures(): Record<string, HostcallSignature> {
  const byName: Record<string, HostcallSignature> = Object.create(null);
  for (const [name, [params, results]] of Object.entries(TYPES))
    byName[name] = { params: typesOf(params), results: typesOf(results) };
  return byName;
}

function typesOf(letters: string): ("f64" | "i32")[] {
  return [...letters].map((letter) => (letter === "d" ? "f64" : "i32"));
}
