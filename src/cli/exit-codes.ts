// What the command's exit code says.
import { CATALOGUE } from "../errors/index.ts";

/** One meaning a code; scripts rely on them. */
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

const REFUSED_STATUSES: readonly number[] = [401, 403, 413, 429, 507];
const REFUSED_CODES: readonly string[] = ["TER_TTL_TOO_LONG", "TER_FULL"];
const USAGE_CODES: readonly string[] = ["TER_CONFIG_INVALID", "TER_BAD_REQUEST"];

/** The exit code for an error of the catalogue, by its name. */
export function exitCodeOf(code: string): number {
  if (USAGE_CODES.includes(code)) return EXIT.usage;
  if (/^TER_(NOT_FOUND|NO_SUCH_)/.test(code)) return EXIT.notFound;
  if (REFUSED_CODES.includes(code)) return EXIT.refused;
  const entry = Object.hasOwn(CATALOGUE, code) ? CATALOGUE[code as keyof typeof CATALOGUE] : undefined;
  if (entry !== undefined && REFUSED_STATUSES.includes(entry.status)) return EXIT.refused;
  if (/^TER_(BUILD|WASM|PROJECT|ARCHIVE)_/.test(code)) return EXIT.buildFailed;
  return EXIT.failed;
}
