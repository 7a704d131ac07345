// Limits of connections: how long a client may take, and how much of a connection it may use. Each number has
// its reason; the sizes of one request are limits in the configuration.

/**
 * A head that takes longer gets 408; slow-header attacks hold a socket no longer than this plus one check
 * interval.
 */
export const HEADER_TIMEOUT_MS = 10_000;

/** Head and body together: 10 MiB at 100 KiB/s, with a margin. */
export const REQUEST_TIMEOUT_MS = 120_000;

/** Interval of the checks for the limits above. */
export const CHECK_INTERVAL_MS = 1_000;

/** An idle connection is kept this long. */
export const KEEP_ALIVE_MS = 30_000;

/** TLS handshakes that take longer are dropped. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/** A connection without progress is dropped after the longest run plus this. */
export const STALL_MARGIN_MS = 30_000;

/**
 * Streams that a client may reset at once, and per second from then on (rapid reset, CVE-2023-44487). Node
 * needs both.
 */
export const STREAM_RESET_BURST = 200;
export const STREAM_RESETS_PER_SECOND = 33;

/** Memory of one HTTP/2 session, in MB as Node counts it. */
export const SESSION_MEMORY_MB = 10;

/** Malformed frames and excess streams after which a session ends. */
export const MAX_INVALID_FRAMES = 50;
export const MAX_REJECTED_STREAMS = 50;
