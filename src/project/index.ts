// A project's files: on disk, in a tar, by name.
export { type ProjectFiles } from "./files.ts";
export { readArchive } from "./read-archive.ts";
export { readFolder } from "./read-folder.ts";
export { TAR_BLOCK_BYTES } from "./tar-block.ts";
export { tarMemberHeader, writeArchive } from "./write-archive.ts";
