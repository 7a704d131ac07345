// The quota of every deployment's store, as the limits have it.
import type { Limits } from "../config/index.ts";
import type { KeyValueQuota } from "./types.ts";

export function keyValueQuotaOf(limits: Limits): KeyValueQuota {
  return {
    maxKeyBytes: limits.keyBytes,
    maxValueBytes: limits.valueBytes,
    maxKeys: limits.keyValueKeys,
    maxTotalBytes: limits.keyValueBytes,
  };
}
