import type { ErrorEntry } from "../terrarium-error.ts";

/** Modules refused at deploy. */
export const WASM_ERRORS = {
  TER_WASM_INVALID: { kind: "user", status: 422, message: "The module is not valid WebAssembly: {reason}" },
  TER_WASM_NO_RUN: {
    kind: "user",
    status: 422,
    message: "The module does not export a function `run` without parameters and results",
  },
  TER_WASM_RUN_TYPE: {
    kind: "user",
    status: 422,
    message: "The export `run` is {found}; it must be a function without parameters and results",
  },
  TER_WASM_UNKNOWN_IMPORT: {
    kind: "user",
    status: 422,
    message: "The module imports the {kind} {module}.{name}, which the platform does not provide",
  },
  TER_WASM_IMPORT_TYPE: {
    kind: "user",
    status: 422,
    message: "The module imports {module}.{name} as {found}; its type is {expected}",
  },
  TER_WASM_UNSUPPORTED: {
    kind: "user",
    status: 422,
    message: "The module uses {feature}, which the platform does not accept",
  },
  TER_WASM_COMPILE_TIMEOUT: {
    kind: "user",
    status: 422,
    message: "Making native code of the module took longer than {allowed} ms",
  },
  TER_WASM_START_TOO_SLOW: {
    kind: "user",
    status: 422,
    message:
      "The module's start function takes more CPU time than it may: used {used}, allowed {allowed}{remedy}",
  },
  TER_WASM_RESERVED_NAME: {
    kind: "user",
    status: 422,
    message: "The module exports {name}; names that begin with `terrarium:` are the platform's",
  },
  TER_WASM_OBJECT_FILE: {
    kind: "user",
    status: 422,
    message:
      "The module is an object file (it has a `linking` section and no exports); link it with wasm-ld first",
  },
  TER_WASM_MEMORY_TOO_LARGE: {
    kind: "user",
    status: 422,
    message: "The module needs {used} pages of memory at once (64 KiB each), allowed are {allowed}",
  },
  TER_WASM_TABLE_TOO_LARGE: {
    kind: "user",
    status: 422,
    message: "The module needs {used} table entries at once, allowed are {allowed}",
  },
  TER_WASM_TOO_LARGE: {
    kind: "user",
    status: 413,
    message: "The module is {used} bytes long, allowed are {allowed}",
  },
} as const satisfies Record<string, ErrorEntry>;
