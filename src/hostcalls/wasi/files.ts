// Everything in WASI that needs a file, a directory or a socket: there are none, and each call returns the
// proper errno.
import type { CallContext } from "../call-context.ts";
import { ERRNO } from "./errno.ts";
import { isStream } from "./streams.ts";

/** A call on a descriptor: streams answer with `errno`, all others do not exist. */
function onDescriptor(errno: number) {
  return (_run: CallContext, fd: number) => (isStream(fd) ? errno : ERRNO.badFileDescriptor);
}

const seek = onDescriptor(ERRNO.illegalSeek);
const change = onDescriptor(ERRNO.invalid);
const directory = onDescriptor(ERRNO.notDirectory);
const socket = onDescriptor(ERRNO.notSocket);
const unsupported = onDescriptor(ERRNO.notSupported);

export const FILE_CALLS = {
  fd_advise: seek,
  fd_allocate: change,
  fd_datasync: change,
  fd_fdstat_set_rights: unsupported,
  fd_filestat_set_size: change,
  fd_filestat_set_times: change,
  fd_pread: seek,
  // No directory is open: every libc asks this first, and stops here.
  fd_prestat_dir_name: onDescriptor(ERRNO.badFileDescriptor),
  fd_prestat_get: onDescriptor(ERRNO.badFileDescriptor),
  fd_pwrite: seek,
  fd_readdir: directory,
  fd_renumber: unsupported,
  fd_seek: seek,
  fd_sync: change,
  fd_tell: seek,
  path_create_directory: directory,
  path_filestat_get: directory,
  path_filestat_set_times: directory,
  path_link: directory,
  path_open: directory,
  path_readlink: directory,
  path_remove_directory: directory,
  path_rename: directory,
  path_symlink: (run: CallContext, _targetPtr: number, _targetLen: number, fd: number) => directory(run, fd),
  path_unlink_file: directory,
  sock_accept: socket,
  sock_recv: socket,
  sock_send: socket,
  sock_shutdown: socket,
};
