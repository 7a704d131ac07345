// The limits of a key-value store: pure arithmetic, the same for every backend.
import type { Limits } from "../config/index.ts";
import { TerrariumError } from "../errors/index.ts";
import type { KeyValueQuota } from "./types.ts";

/** The quota of every deployment's store, from the limits. */
export function keyValueQuotaOf(limits: Limits): KeyValueQuota {
  return {
    maxKeyBytes: limits.keyBytes,
    maxValueBytes: limits.valueBytes,
    maxKeys: limits.keyValueKeys,
    maxTotalBytes: limits.keyValueBytes,
  };
}

/** The size of a key-value store: `bytes` counts keys and values. */
export interface KeyValueUsage {
  readonly keys: number;
  readonly bytes: number;
}

/** Throws TER_KV_KEY_TOO_LARGE or TER_KV_VALUE_TOO_LARGE. */
export function checkSizes(quota: KeyValueQuota, keyBytes: number, valueBytes: number): void {
  if (keyBytes > quota.maxKeyBytes)
    throw new TerrariumError("TER_KV_KEY_TOO_LARGE", { used: keyBytes, allowed: quota.maxKeyBytes });
  if (valueBytes > quota.maxValueBytes) throw valueTooLarge(quota, valueBytes);
}

/** The error for a value of so many bytes. */
export function valueTooLarge(quota: KeyValueQuota, used: number): TerrariumError {
  return new TerrariumError("TER_KV_VALUE_TOO_LARGE", { used, allowed: quota.maxValueBytes });
}

/** The error for a store that would hold so many keys or bytes. */
export function storeFull(quota: KeyValueQuota, unit: "keys" | "bytes", used: number): TerrariumError {
  const [allowed, limit] =
    unit === "keys"
      ? ([quota.maxKeys, "keyValueKeys"] as const)
      : ([quota.maxTotalBytes, "keyValueBytes"] as const);
  return new TerrariumError("TER_KV_FULL", { used, allowed, unit, limit });
}

/**
 * Throws TER_KV_FULL if something grows beyond its limit. What already exceeds it, because the limit was
 * lowered, may still shrink.
 */
export function checkGrowth(quota: KeyValueQuota, before: KeyValueUsage, after: KeyValueUsage): void {
  if (after.keys > quota.maxKeys && after.keys > before.keys) throw storeFull(quota, "keys", after.keys);
  if (after.bytes > quota.maxTotalBytes && after.bytes > before.bytes)
    throw storeFull(quota, "bytes", after.bytes);
}
