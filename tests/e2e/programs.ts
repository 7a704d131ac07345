// Small projects that tests deploy, and the tar in which a client of 2019 sent them.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeArchive } from "../../src/project/index.ts";

export type Sources = Readonly<Record<string, string | Uint8Array>>;

/** Gives memory and takes none back: for `hostcall_init_mm` with the table entries 0 and 1. */
export const ALLOCATOR = `(table funcref (elem $malloc $free))
  (global $heap (mut i32) (i32.const 16384))
  (func $malloc (param $size i32) (result i32)
    (global.get $heap)
    (global.set $heap (i32.add (global.get $heap) (local.get $size))))
  (func $free (param i32))`;

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

/** Answers with its whole WASI environment. */
export const SHOWING_ENVIRONMENT: Sources = {
  "src/main.wat": `(module
    (import "env" "hostcall_resp_set_body" (func $body (param i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $get (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "run")
      (drop (call $sizes (i32.const 0) (i32.const 4)))
      (drop (call $get (i32.const 16) (i32.const 1024)))
      (drop (call $body (i32.const 0) (i32.const 1024) (i32.load (i32.const 4))))))`,
};

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

/** Asks `http://HOST` for its own path and answers with what comes; traps if nothing does. */
export function proxying(host: string, { pages = 0 } = {}): Sources {
  const origin = `http://${host}`;
  return {
    "src/main.wat": `(module
      (import "env" "hostcall_init_mm" (func $init (param i32 i32)))
      (import "env" "hostcall_req_get_path" (func $path (param i32 i32 i32)))
      (import "env" "hostcall_req_create" (func $create (param i32 i32 i32 i32) (result i32)))
      (import "env" "hostcall_req_send" (func $send (param i32) (result i32)))
      (import "env" "hostcall_resp_get_body" (func $received (param i32 i32 i32)))
      (import "env" "hostcall_resp_get_response_code" (func $code (param i32) (result i32)))
      (import "env" "hostcall_resp_set_response_code" (func $status (param i32 i32) (result i32)))
      (import "env" "hostcall_resp_set_body" (func $answer (param i32 i32 i32) (result i32)))
      (memory 1)
      ${ALLOCATOR}
      (data (i32.const 32) "GET")
      (data (i32.const 64) "${origin}")
      (func (export "run") (local $response i32)
        (drop (memory.grow (i32.const ${pages})))
        (memory.fill (i32.const 65536) (i32.const 1) (i32.const ${pages * 65_536}))
        (call $init (i32.const 0) (i32.const 1))
        (call $path (i32.const 0) (i32.const 4) (i32.const 0))
        (memory.copy (i32.const ${64 + origin.length}) (i32.load (i32.const 0)) (i32.load (i32.const 4)))
        (local.set $response (call $send (call $create (i32.const 32) (i32.const 3) (i32.const 64) (i32.add
          (i32.const ${origin.length}) (i32.load (i32.const 4))))))
        (if (i32.lt_s (local.get $response) (i32.const 0)) (then unreachable))
        (call $received (i32.const 0) (i32.const 4) (local.get $response))
        (drop (call $status (i32.const 0) (call $code (local.get $response))))
        (drop (call $answer (i32.const 0) (i32.load (i32.const 0)) (i32.load (i32.const 4))))))`,
  };
}

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
  return writeArchive(
    new Map(Object.entries(sources).map(([name, content]) => [name, Buffer.from(content)])),
  );
}
