// What a command's exit code says. Scripts rely on the numbers.

/** One meaning per code. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  buildFailed: 3,
  refused: 4,
  unreachable: 5,
  notFound: 6,
  interrupted: 130,
} as const;

/** The exit codes that an error can have. */
export type ExitName = Exclude<keyof typeof EXIT, "ok">;
