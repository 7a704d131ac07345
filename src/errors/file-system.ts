// What the system's error codes for files mean, and what to do about them.

const CAUSES: Readonly<Record<string, FileProblem>> = {
  ENOENT: { reason: "it does not exist", fix: "Check the path" },
  ENOTDIR: { reason: "a part of the path is a file, not a folder", fix: "Name a folder" },
  EISDIR: { reason: "it is a folder, not a file", fix: "Name a file" },
  EEXIST: { reason: "a file with that name exists", fix: "Name another path" },
  EACCES: { reason: "permission denied", fix: "Change its permissions, or run as a user who has them" },
  EPERM: {
    reason: "the operation is not permitted",
    fix: "Change its permissions, or run as a user who has them",
  },
  EROFS: { reason: "the file system is read-only", fix: "Name a path on a writable file system" },
  ENOSPC: { reason: "the disk is full", fix: "Free some space, or name a path on another disk" },
  ELOOP: { reason: "it has too many symbolic links", fix: "Name the folder that the links lead to" },
  ENAMETOOLONG: { reason: "the name is too long", fix: "Name a shorter path" },
  ERR_INVALID_ARG_VALUE: { reason: "it is not a valid path", fix: "Check the path" },
};

/** Why the file system refused, and how to fix it. Both complete a message, so the reason has no capital. */
export interface FileProblem {
  readonly reason: string;
  readonly fix: string;
}

/** The explanation of a system error code such as "ENOENT"; the code itself if it is not a common one. */
export function fileProblem(code: string): FileProblem {
  return CAUSES[code] ?? { reason: code, fix: "Check the path" };
}
