// Programs of a few instructions: a module with every hostcall imported under its own name, without
// `hostcall_`.
import { ENV_SIGNATURES, HOSTCALL_MODULE } from "../../src/abi/index.ts";
import type { Sources } from "../e2e/programs.ts";

const FIRST_TEXT = 1024;
/** Where programs let hostcalls write; nothing else lies there. */
export const OUT = "(i32.const 16) (i32.const 20)";

export interface ProgramParts {
  /** Instructions of `run`. */
  readonly run: string;
  /** Texts that `$name` in the instructions stands for: address and length. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Body of malloc; `null`: the program names no allocator. */
  readonly malloc?: string | null;
  /** Further fields of the module. */
  readonly fields?: string;
  readonly memory?: string;
}

const BUMP = "(global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get 0)))";

/** The text of the program. */
export function watProgram({
  run,
  texts = {},
  malloc = BUMP,
  fields = "",
  memory = "(memory 4)",
}: ProgramParts): Sources {
  let at = FIRST_TEXT;
  let data = "";
  let body = run;
  for (const [name, text] of Object.entries(texts)) {
    const bytes = Buffer.from(text);
    data +=
      `(data (i32.const ${at}) ` +
      `"${[...bytes].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("")}")\n`;
    body = body.replaceAll(`$${name}`, `(i32.const ${at}) (i32.const ${bytes.length})`);
    at += bytes.length;
  }
  const init = malloc === null ? "" : "(call $init_mm (i32.const 0) (i32.const 1))";
  return {
    "src/main.wat": `(module
      ${Object.entries(ENV_SIGNATURES).map(importOf).join("\n")}
      (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
      (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
      ${memory}
      (global $heap (mut i32) (i32.const 65536))
      (table funcref (elem $malloc $free $other))
      (func $malloc (param i32) (result i32) ${malloc ?? "(i32.const 0)"})
      (func $free (param i32))
      (func $other (param i64))
      ${fields}
      ${data}
      (func (export "run") (local $a i32) ${init} ${body}))`,
  };
}

/** A program that goes on after a call only if its result is the one expected. */
export function expecting(result: number, call: string, more: Omit<ProgramParts, "run"> = {}): Sources {
  return watProgram({ ...more, run: `(if (i32.ne ${call} (i32.const ${result})) (then unreachable))` });
}

function importOf([name, { params, results }]: [
  string,
  { readonly params: readonly string[]; readonly results: readonly string[] },
]): string {
  const [takes, gives] = [
    params.length === 0 ? "" : `(param ${params.join(" ")})`,
    results.length === 0 ? "" : `(result ${results.join(" ")})`,
  ];
  return `(import "${HOSTCALL_MODULE}" "${name}" (func $${name.replace("hostcall_", "")} ${takes} ${gives}))`;
}
