// File system errors for a path that the user named: wrong usage, never a bug in Terrarium.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileProblem, TerrariumError } from "../errors/index.ts";

const UNREADABLE_NAME = { reason: "its name is not valid UTF-8", fix: "Rename the file" } as const;
const NO_FOLDER = { reason: "the system cannot make a folder there", fix: "Name another path" } as const;
/** What Node decodes bytes to that are not UTF-8. */
const REPLACEMENT = "\u{fffd}";

/** What is thrown for an error on `path`: TER_PATH for one of the file system's, else the error itself. */
export function pathError(action: string, path: string, cause: unknown): unknown {
  const { code, syscall, path: subject } = (cause ?? {}) as NodeJS.ErrnoException;
  if (cause instanceof TerrariumError || typeof code !== "string") return cause;
  const isInside =
    typeof subject === "string" && !resolve(path).endsWith(subject) && subject.length > path.length;
  const shown = isInside ? subject : path;
  if (code === "ENOENT" && syscall === "mkdir")
    return new TerrariumError("TER_PATH", { action, path: JSON.stringify(path), ...NO_FOLDER }, { cause });
  const problem = code === "ENOENT" && shown.includes(REPLACEMENT) ? UNREADABLE_NAME : fileProblem(code);
  return new TerrariumError("TER_PATH", { action, path: JSON.stringify(shown), ...problem }, { cause });
}

/** Does something with a path that the user named. Throws TER_PATH if the file system refuses. */
export async function onUserPath<T>(action: string, path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw pathError(action, path, cause);
  }
}

/**
 * Throws if there is anything but a file: a pipe or a device may never end. `shown`: the path as the user
 * wrote it.
 */
export function requireFile(shown: string, path: string): void {
  const stats = statSync(path);
  if (stats.isDirectory()) throw Object.assign(new Error("EISDIR"), { code: "EISDIR" });
  if (stats.isFile()) return;
  throw new TerrariumError("TER_PATH", {
    action: "use",
    path: JSON.stringify(shown),
    reason: "it is a pipe, a socket or a device, not a file",
    fix: "Name a file",
  });
}

/** The error of a path that has to be a folder and is not. */
export function notAFolder(path: string): TerrariumError {
  return new TerrariumError("TER_PATH", {
    action: "act in",
    path: JSON.stringify(path),
    reason: "it is not a folder",
    fix: "Name a folder",
  });
}
