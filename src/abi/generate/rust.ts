// sdk/rust/src/hostcalls/raw.rs: every hostcall for Rust, in syntax that all editions accept.
import { HOSTCALL_MODULE, hostcallEntries } from "../table.ts";
import type { Hostcall, ParameterRole } from "../types.ts";
import { commented, listed } from "./columns.ts";
import { GENERATED_NOTICE } from "./notice.ts";

const TYPES: Record<ParameterRole, string> = {
  "in-bytes": "*const u8",
  "in-text": "*const u8",
  "in-slices": "*const GuestSlice<u8>",
  "in-handles": "*const i32",
  length: "usize",
  "out-bytes": "*mut *mut u8",
  "out-text": "*mut *mut u8",
  "out-slices": "*mut *mut GuestSlice<u8>",
  "out-length": "*mut usize",
  "out-pending": "*mut i32",
  "out-u32": "*mut u32",
  "out-i64": "*mut i64",
  request: "i32",
  response: "i32",
  pending: "i32",
  "allocate-function": `extern "C" fn(usize) -> *mut u8`,
  "free-function": `extern "C" fn(*mut u8)`,
  number: "i32",
  flag: "i32",
};

const HEAD = `// ${GENERATED_NOTICE}
//! The hostcalls as they are: handles and statuses are numbers, buffers are pointers.

/// An element of a list. The list and each element are allocations of their own; the program frees them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GuestSlice<T> {
    /// Never null in a list that the host made.
    pub ptr: *mut T,
    /// Elements.
    pub len: usize,
}

#[link(wasm_import_module = "${HOSTCALL_MODULE}")]
unsafe extern "C" {
`;

/** Text of the externs. */
export function rustExterns(): string {
  return `${HEAD}${hostcallEntries()
    .map(([name, call]) => extern(name, call))
    .join("\n")}}\n`;
}

function extern(name: string, call: Hostcall): string {
  const params = call.params.map(
    (param) => `${param.name}: ${param.type === "i64" ? "i64" : TYPES[param.role]}`,
  );
  const result = call.result === null ? "" : call.result.type === "i64" ? " -> u64" : " -> i32";
  const prototype = listed(`pub fn ${name}`, params, `${result};`, "    ");
  return `${commented(call.summary, "    ///")}\n${prototype}\n`;
}
