// The types of all functions of WASI preview 1, to check a module's imports against.
import type { HostcallSignature } from "./table.ts";

/** Parameters by letter, `i` for i32 and `l` for i64; all return an errno except `proc_exit`. */
const PARAMETERS = {
  args_get: "ii",
  args_sizes_get: "ii",
  clock_res_get: "ii",
  clock_time_get: "ili",
  environ_get: "ii",
  environ_sizes_get: "ii",
  fd_advise: "illi",
  fd_allocate: "ill",
  fd_close: "i",
  fd_datasync: "i",
  fd_fdstat_get: "ii",
  fd_fdstat_set_flags: "ii",
  fd_fdstat_set_rights: "ill",
  fd_filestat_get: "ii",
  fd_filestat_set_size: "il",
  fd_filestat_set_times: "illi",
  fd_pread: "iiili",
  fd_prestat_dir_name: "iii",
  fd_prestat_get: "ii",
  fd_pwrite: "iiili",
  fd_read: "iiii",
  fd_readdir: "iiili",
  fd_renumber: "ii",
  fd_seek: "ilii",
  fd_sync: "i",
  fd_tell: "ii",
  fd_write: "iiii",
  path_create_directory: "iii",
  path_filestat_get: "iiiii",
  path_filestat_set_times: "iiiilli",
  path_link: "iiiiiii",
  path_open: "iiiiillii",
  path_readlink: "iiiiii",
  path_remove_directory: "iii",
  path_rename: "iiiiii",
  path_symlink: "iiiii",
  path_unlink_file: "iii",
  poll_oneoff: "iiii",
  proc_exit: "i",
  proc_raise: "i",
  random_get: "ii",
  sched_yield: "",
  sock_accept: "iii",
  sock_recv: "iiiiii",
  sock_send: "iiiii",
  sock_shutdown: "ii",
} as const;

/** Name of a function of WASI preview 1. */
export type WasiName = keyof typeof PARAMETERS;

/** Import module of WASI preview 1. */
export const WASI_MODULE = "wasi_snapshot_preview1";

/** Wasm types by name. Null prototype: names come from modules. */
export const WASI_SIGNATURES: Readonly<Record<string, HostcallSignature>> = Object.freeze(signatures());

function signatures(): Record<string, HostcallSignature> {
  const byName: Record<string, HostcallSignature> = Object.create(null);
  for (const [name, letters] of Object.entries(PARAMETERS)) {
    byName[name] = {
      params: [...letters].map((letter) => (letter === "l" ? "i64" : "i32")),
      results: name === "proc_exit" ? [] : ["i32"],
    };
  }
  return byName;
}
