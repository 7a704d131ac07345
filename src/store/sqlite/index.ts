export { openSqliteStore, type SqliteStoreOptions } from "./store.ts";
export { acquireSupervisorLock, type SupervisorLock } from "./supervisor-lock.ts";
