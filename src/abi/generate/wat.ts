// sdk/wat/imports.wat: every hostcall as an import, to copy from.
import { HOSTCALL_MODULE, hostcallEntries } from "../table.ts";
import type { Hostcall } from "../types.ts";
import { commented, filled } from "./columns.ts";
import { GENERATED_NOTICE } from "./notice.ts";

/** Text of the imports. */
export function watImports(): string {
  return `;; ${GENERATED_NOTICE}\n;; Copy the imports that your program calls.\n${hostcallEntries()
    .map(([name, call]) => `\n${commented(call.summary, ";;")}\n${watImport(name, call)}\n`)
    .join("")}`;
}

/** One call's import. */
export function watImport(name: string, call: Hostcall): string {
  const params = call.params.map((param) => `(param $${param.name} ${param.type})`);
  const result = call.result === null ? [] : [`(result ${call.result.type})`];
  const parts = [`(import "${HOSTCALL_MODULE}" "${name}"`, `(func $${name}`, ...params, ...result];
  return filled([...parts.slice(0, -1), `${parts.at(-1)}))`], "  ");
}
