// The unit of a tar.
/** A tar consists of blocks of this size. */
export const TAR_BLOCK_BYTES = 512;
