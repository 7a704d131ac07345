// Opens the Redis store as the platform's configuration says.
import type { OpenBackend } from "../types.ts";
import { openRedisStore } from "./store.ts";

export const openRedisBackend: OpenBackend = ({ store, limits }, { now }) =>
  openRedisStore({
    url: store,
    maxLogBytes: limits.deploymentLogBytes,
    ...(now === undefined ? {} : { now }),
  });
