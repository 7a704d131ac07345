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
  if (valueBytes > quota.maxValueBytes) {
    throw new TerrariumError("TER_KV_VALUE_TOO_LARGE", { used: valueBytes, allowed: quota.maxValueBytes });
  }
}

/**
 * Throws TER_KV_FULL if something grows beyond its limit. What already exceeds it, because the limit was
 * lowered, may still shrink.
 */
export function checkGrowth(quota: KeyValueQuota, before: KeyValueUsage, after: KeyValueUsage): void {
  refuse(before.keys, after.keys, quota.maxKeys, "keys");
  refuse(before.bytes, after.bytes, quota.maxTotalBytes, "bytes");
}

function refuse(before: number, after: number, allowed: number, unit: "keys" | "bytes"): void {
  if (after > allowed && after > before)
    throw new TerrariumError("TER_KV_FULL", {
      used: after,
      allowed,
      unit,
      limit: unit === "keys" ? "keyValueKeys" : "keyValueBytes",
    });
}
