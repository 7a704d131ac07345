// Turns errors of SQLite and the file system into errors of the store.
import { TerrariumError } from "../../errors/index.ts";

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;
const DISK_FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Another process holds the lock: nothing was done, and the same call may work in a moment. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === SQLITE_BUSY;
}

/** There is no such file, or it cannot be opened. */
export function isFileMissing(error: unknown): boolean {
  return resultCode(error) === SQLITE_CANTOPEN || systemCode(error) === "ENOENT";
}

/** What was read cannot be right. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** The disk failed under a read, a write or a sync. */
export function isDiskError(error: unknown): boolean {
  return resultCode(error) === SQLITE_IOERR;
}

/** There is no room on the disk, or none for this user. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof TerrariumError) return error.code === "TER_DISK_FULL";
  return resultCode(error) === SQLITE_FULL || DISK_FULL.has(systemCode(error) ?? "");
}

/** The error that callers of the store see. */
export function toStoreError(error: unknown): TerrariumError {
  if (error instanceof TerrariumError) return error;
  if (isDamage(error)) {
    return new TerrariumError("TER_STORE_DAMAGED", { reason: messageOf(error) }, { cause: error });
  }
  if (isDiskFull(error)) return new TerrariumError("TER_DISK_FULL", {}, { cause: error });
  return new TerrariumError("TER_STORE_UNAVAILABLE", { reason: messageOf(error) }, { cause: error });
}

/** SQLite's primary result code, or undefined if the error is not SQLite's. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
