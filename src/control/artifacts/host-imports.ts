// Everything that programs may import, by module and name.
import { ENV_SIGNATURES } from "../../abi/index.ts";
import { WASI_SIGNATURES } from "../../hostcalls/index.ts";
import type { HostImportTypes } from "../../wasm/index.ts";

/** Without a prototype: the names that are looked up are the guest's. */
export const HOST_IMPORTS: HostImportTypes = Object.assign(Object.create(null) as object, {
  env: ENV_SIGNATURES,
  wasi_snapshot_preview1: WASI_SIGNATURES,
});
