export { openSqliteStore } from "./store.ts";
export { acquireSupervisorLock } from "./supervisor-lock.ts";
