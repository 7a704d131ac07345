import type { ErrorEntry } from "../terrarium-error.ts";

/** Modules refused at deploy. */
export const WASM_ERRORS = {
  TER_WASM_INVALID: { kind: "user", status: 422, message: "The module is not valid WebAssembly: {reason}" },
  TER_WASM_NO_RUN: { kind: "user", status: 422, message: "The module does not export a function `run` without parameters and results" },
  TER_WASM_UNKNOWN_IMPORT: { kind: "user", status: 422, message: "The module imports {module}.{name}, which the platform does not provide" },
  TER_WASM_UNSUPPORTED: { kind: "user", status: 422, message: "The module uses {feature}, which the platform does not accept" },
  TER_WASM_COMPILE_TIMEOUT: { kind: "user", status: 422, message: "Making native code of the module took longer than {allowed} ms" },
} as const satisfies Record<string, ErrorEntry>;
