// A project's files: on disk, in a tar, by name.
export { type ProjectFiles } from "./files.ts";
export { readArchive } from "./read-archive.ts";
export { readFolder } from "./read-folder.ts";
export { writeArchive } from "./write-archive.ts";
