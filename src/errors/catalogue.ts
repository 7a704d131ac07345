// Every error that a person, a client or a guest can meet, by area. docs/reference/errors.md is made from it.
import { BUILD_ERRORS } from "./areas/build.ts";
import { COMMAND_ERRORS } from "./areas/command.ts";
import { CONTROL_ERRORS } from "./areas/control.ts";
import { EDGE_ERRORS } from "./areas/edge.ts";
import { GUEST_ERRORS } from "./areas/guest.ts";
import { STORE_ERRORS } from "./areas/store.ts";
import { SYSTEM_ERRORS } from "./areas/system.ts";
import { WASM_ERRORS } from "./areas/wasm.ts";
import type { ErrorEntry } from "./entry.ts";

export const CATALOGUE = {
  ...BUILD_ERRORS,
  ...WASM_ERRORS,
  ...GUEST_ERRORS,
  ...EDGE_ERRORS,
  ...CONTROL_ERRORS,
  ...STORE_ERRORS,
  ...SYSTEM_ERRORS,
  ...COMMAND_ERRORS,
} satisfies Record<string, ErrorEntry>;

/** A stable name such as `TER_KV_VALUE_TOO_LARGE`. */
export type ErrorCode = keyof typeof CATALOGUE;
