// Everything that modules may import: the one list behind the import check, the tests' worlds and the
// benchmarks.
import { ENV_SIGNATURES, HOSTCALL_MODULE, type HostcallSignature } from "./table.ts";
import { ASSEMBLYSCRIPT_SIGNATURES } from "./assemblyscript.ts";
import { WASI_MODULE, WASI_SIGNATURES } from "./wasi.ts";

/** Types of host functions by import module and name. Null prototypes: names come from modules. */
export const HOST_IMPORTS: Readonly<Record<string, Readonly<Record<string, HostcallSignature>>>> =
  Object.freeze(
    Object.assign(Object.create(null) as object, {
      [HOSTCALL_MODULE]: Object.freeze(
        Object.assign(Object.create(null) as object, ENV_SIGNATURES, ASSEMBLYSCRIPT_SIGNATURES),
      ),
      [WASI_MODULE]: WASI_SIGNATURES,
    }),
  );
