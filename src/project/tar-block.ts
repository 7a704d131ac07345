// The unit of a tar.
/** Everything in a tar comes in blocks of this size. */
export const TAR_BLOCK_BYTES = 512;
