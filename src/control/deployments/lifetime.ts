// How long a deployment lives: what was requested, within what the operator allows.
import { formatDuration, parseDuration } from "../../config/duration.ts";
import type { Config } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";

/** How long a failed deployment's status stays readable where live ones never expire. */
export const FAILED_TTL_MS = 300_000;

/** Parses `5m` or `never`; no text is undefined. Throws TER_BAD_REQUEST. */
export function readOptionalTtl(text: string | undefined): number | null | undefined {
  return text === undefined || text === "" ? undefined : readTtl(text);
}

/** Parses `5m`; `never` is null. Throws TER_BAD_REQUEST. */
export function readTtl(text: string): number | null {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new TerrariumError("TER_BAD_REQUEST", {
      reason: `"${text}" is not a time to live (ttl) such as 90s, 5m, 2h, 7d or never`,
    });
  return ms;
}

/** Milliseconds to live; null is forever. Throws TER_TTL_TOO_LONG. */
export function grantTtl(config: Config, asked: number | null | undefined): number | null {
  const ttlMs = asked === undefined ? config.ttlMs : asked;
  if (config.maxTtlMs !== null && (ttlMs === null || ttlMs > config.maxTtlMs)) {
    throw new TerrariumError("TER_TTL_TOO_LONG", { allowed: formatDuration(config.maxTtlMs) });
  }
  return ttlMs;
}

/** A time to live as a point in time. */
export function expiryOf(ttlMs: number | null, nowMs: number): number | null {
  return ttlMs === null ? null : nowMs + ttlMs;
}

/** When the record of a failed deploy is removed. */
export function failedExpiry(config: Config, nowMs: number): number {
  return nowMs + Math.min(config.ttlMs ?? FAILED_TTL_MS, FAILED_TTL_MS);
}
