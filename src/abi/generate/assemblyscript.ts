// sdk/assemblyscript/lib/http_guest/hostcalls.ts: every hostcall as an AssemblyScript external.
import { ERROR, INCOMING, NOT_READY, OUTGOING } from "../parameters.ts";
import { HOSTCALL_MODULE, hostcallEntries } from "../table.ts";
import type { Hostcall, ParameterRole } from "../types.ts";
import { COLUMNS, commented, listed } from "./columns.ts";
import { GENERATED_NOTICE } from "./notice.ts";

const HANDLES_AND_NUMBERS: readonly ParameterRole[] = [
  "request",
  "response",
  "pending",
  "number",
  "flag",
  "allocate-function",
  "free-function",
];

/** Text of the externals. */
export function assemblyScriptExternals(): string {
  const calls = hostcallEntries().map(([name, call]) => external(name, call));
  return `// ${GENERATED_NOTICE}
// The hostcalls as they are: pointers are addresses in the module's memory, handles are numbers.

export const INCOMING: i32 = ${INCOMING};
export const OUTGOING: i32 = ${OUTGOING};
export const ERROR: i32 = ${ERROR};
export const NOT_READY: i32 = ${NOT_READY};
${calls.join("")}`;
}

function external(name: string, call: Hostcall): string {
  const params = call.params.map(
    ({ name, type, role }) => `${name}: ${HANDLES_AND_NUMBERS.includes(role) ? type : "usize"}`,
  );
  const result = call.result === null ? "void" : call.result.type === "i64" ? "u64" : "i32";
  return `
${jsdoc(call.summary)}
// @ts-ignore: decorator
@external("${HOSTCALL_MODULE}", "${name}")
${listed(`export declare function ${name}`, params, `: ${result};`, "")}
`;
}

function jsdoc(text: string): string {
  const line = `/** ${text} */`;
  return line.length <= COLUMNS ? line : `/**\n${commented(text, " *")}\n */`;
}
