export { DEFAULT_LIMITS, LIMITS, type Limits } from "./limits.ts";
export type { Config, ListenAddress, ResolveRule, SourceQuotas } from "./types.ts";
