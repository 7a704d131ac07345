// File descriptors of WASI without files: 0 is always at its end, 1 and 2 write to the log, and no others
// exist.
import type { CallContext } from "../call-context.ts";
import { viewBytes, writeU32, writeU64 } from "../memory/guest-memory.ts";
import { chargeWork, ELEMENT_UNITS } from "../host-work.ts";
import { badCall, limitReached } from "../call-errors.ts";
import { ERRNO } from "./errno.ts";

const STDIN = 0;
const STDERR = 2;
const CHARACTER_DEVICE = 2;
const RIGHT_READ = 1n << 1n;
const RIGHT_WRITE = 1n << 6n;
const RIGHT_POLL = 1n << 27n;
const FDSTAT_BYTES = 24;
const FILESTAT_BYTES = 64;
const IOVEC_BYTES = 8;
/** As IOV_MAX elsewhere. */
const MAX_IOVECS = 1024;

/** Whether a descriptor is one of the three streams. */
export function isStream(fd: number): boolean {
  return fd >= STDIN && fd <= STDERR;
}

export const STREAM_CALLS = {
  fd_write(run: CallContext, fd: number, iovecs: number, count: number, writtenOut: number): number {
    if (!isStream(fd) || fd === STDIN) return ERRNO.badFileDescriptor;
    const parts = readIovecs(run, iovecs, count);
    const source = fd === STDERR ? "stderr" : "stdout";
    const charge = (units: number) => chargeWork(run, units);
    for (const part of parts) run.state.log.write(source, part, charge);
    writeU32(
      run,
      writtenOut,
      parts.reduce((sum, part) => sum + part.length, 0),
      "the out-parameter for the size",
    );
    return ERRNO.success;
  },
  fd_read(run: CallContext, fd: number, _iovecs: number, _count: number, readOut: number): number {
    if (fd !== STDIN) return ERRNO.badFileDescriptor;
    writeU32(run, readOut, 0, "the out-parameter for the size");
    return ERRNO.success;
  },
  fd_fdstat_get(run: CallContext, fd: number, out: number): number {
    if (!isStream(fd)) return ERRNO.badFileDescriptor;
    const buffer = viewBytes(run, out, FDSTAT_BYTES, "the buffer for the status");
    buffer.fill(0);
    buffer[0] = CHARACTER_DEVICE;
    writeU64(
      run,
      out + 8,
      (fd === STDIN ? RIGHT_READ : RIGHT_WRITE) | RIGHT_POLL,
      "the out-parameter for the rights",
    );
    return ERRNO.success;
  },
  fd_filestat_get(run: CallContext, fd: number, out: number): number {
    if (!isStream(fd)) return ERRNO.badFileDescriptor;
    const buffer = viewBytes(run, out, FILESTAT_BYTES, "the buffer for the status");
    buffer.fill(0);
    buffer[16] = CHARACTER_DEVICE;
    return ERRNO.success;
  },
  fd_close: (_run: CallContext, fd: number) => (isStream(fd) ? ERRNO.success : ERRNO.badFileDescriptor),
  fd_fdstat_set_flags: (_run: CallContext, fd: number) =>
    isStream(fd) ? ERRNO.success : ERRNO.badFileDescriptor,
};

/** The bytes of an array of vectors, within the limit of one call. */
function readIovecs(run: CallContext, address: number, count: number): Uint8Array[] {
  const length = count >>> 0;
  if (length > MAX_IOVECS)
    throw badCall(`the list of vectors has ${length} elements; the limit is ${MAX_IOVECS}`);
  const array = viewBytes(run, address, length * IOVEC_BYTES, "the list of vectors");
  chargeWork(run, length * ELEMENT_UNITS);
  const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  const allowed = run.state.services.limits.copyBytes;
  let used = 0;
  return Array.from({ length }, (_, index) => {
    const size = view.getUint32(index * IOVEC_BYTES + 4, true);
    used += size;
    const part = viewBytes(run, view.getUint32(index * IOVEC_BYTES, true), size, `vector ${index}`);
    if (used > allowed) throw limitReached("bytes copied by one hostcall", used, allowed, "copyBytes");
    return part;
  });
}
