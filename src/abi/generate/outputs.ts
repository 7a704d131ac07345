// Every file that is derived from the hostcall table, by path below the repository's root.
import { assemblyScriptExternals } from "./assemblyscript.ts";
import { cHeader } from "./c-header.ts";
import { lockText } from "./lock.ts";
import { referencePage } from "./reference.ts";
import { rustExterns } from "./rust.ts";
import { watImports } from "./wat.ts";

/** Text of each generated file. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["sdk/c/include/http_hostcalls.h", cHeader()],
    ["sdk/assemblyscript/lib/http_guest/hostcalls.ts", assemblyScriptExternals()],
    ["sdk/wat/imports.wat", watImports()],
    ["sdk/rust/src/hostcalls/raw.rs", rustExterns()],
    ["docs/reference/hostcalls.md", referencePage()],
    ["src/abi/abi.lock.json", lockText()],
  ]);
}
