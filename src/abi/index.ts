// The hostcall contract as data.
export type { AssemblyScriptName } from "./assemblyscript.ts";
export { HOST_IMPORTS } from "./imports.ts";
export { ERROR, INCOMING, NOT_READY, NUL_TERMINATED, OUTGOING, TRAILING_ZERO_BYTES } from "./parameters.ts";
export { ENV_SIGNATURES, HOSTCALL_MODULE, HOSTCALLS, hostcallEntries } from "./table.ts";
export type {
  HostcallArguments,
  HostcallFunctions,
  HostcallName,
  HostcallResult,
  HostcallSignature,
  HostcallsOf,
} from "./table.ts";
export type { Hostcall, Parameter } from "./types.ts";
export { WASI_MODULE, WASI_SIGNATURES, type WasiName } from "./wasi.ts";
