export { openStore } from "./open-store.ts";
export { acquireSupervisorLock, openSqliteStore } from "./sqlite/index.ts";
export type * from "./types.ts";
