// File system errors for a path that the user named: wrong usage, never a bug in Terrarium.
import { TerrariumError } from "../errors/index.ts";

/** What the system's error codes mean, and what to do. */
const CAUSES: Readonly<Record<string, readonly [reason: string, fix: string]>> = {
  ENOENT: ["it does not exist", "Check the path"],
  ENOTDIR: ["a part of the path is a file, not a folder", "Name a folder"],
  EISDIR: ["it is a folder, not a file", "Name a file"],
  EEXIST: ["a file with that name exists", "Name another path"],
  EACCES: ["permission denied", "Change its permissions, or run as a user who has them"],
  EPERM: ["the operation is not permitted", "Change its permissions, or run as a user who has them"],
  EROFS: ["the file system is read-only", "Name a path on a writable file system"],
  ENOSPC: ["the disk is full", "Free some space, or name a path on another disk"],
  ELOOP: ["it has too many symbolic links", "Name the folder that the links lead to"],
  ENAMETOOLONG: ["the name is too long", "Name a shorter path"],
  ERR_INVALID_ARG_VALUE: ["it is not a valid path", "Check the path"],
};

/** The error to throw for `path`: TER_PATH for a file system error, otherwise the error itself. */
function pathError(action: string, path: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (cause instanceof TerrariumError || typeof code !== "string") return cause;
  const [reason, fix] = CAUSES[code] ?? [code, "Check the path"];
  return new TerrariumError("TER_PATH", { action, path: JSON.stringify(path), reason, fix }, { cause });
}

/** Does something with a path that the user named. Throws TER_PATH if the file system refuses. */
export async function onUserPath<T>(action: string, path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw pathError(action, path, cause);
  }
}
