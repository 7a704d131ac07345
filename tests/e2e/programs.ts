// Small projects that tests deploy, and the tar in which a client of 2019 sent them.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeArchive } from "../../src/build/index.ts";

export type Sources = Readonly<Record<string, string | Uint8Array>>;

/** Answers every request with this text. */
export function answering(text: string): Sources {
  const bytes = Buffer.from(text);
  const data = [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
  return {
    "src/main.wat": `(module
      (import "env" "hostcall_resp_set_body" (func $body (param i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "${data}")
      (func (export "run") (drop (call $body (i32.const 0) (i32.const 0) (i32.const ${bytes.length})))))`,
  };
}

/** Logs one line a request, and keeps the value `v` under the key `k`. */
export const LOGGING_AND_KEEPING: Sources = {
  "src/main.wat": `(module
    (import "env" "hostcall_debug" (func $debug (param i32 i32)))
    (import "env" "hostcall_kvstore_insert" (func $insert (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "line of the program")
    (data (i32.const 64) "kv")
    (func (export "run")
      (call $debug (i32.const 0) (i32.const 19))
      (drop (call $insert (i32.const 64) (i32.const 1) (i32.const 65) (i32.const 1)))))`,
};

/** Never returns. */
export const SPINNING: Sources = { "src/main.wat": '(module (func (export "run") (loop (br 0))))' };

/** Writes a project into a folder. */
export function writeProject(folder: string, sources: Sources): string {
  for (const [name, content] of Object.entries(sources)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

/** The tar of a project. */
export function archiveOf(sources: Sources): Uint8Array {
  return writeArchive(new Map(Object.entries(sources).map(([name, content]) => [name, Buffer.from(content)])));
}
