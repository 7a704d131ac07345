export { openSqliteBackend } from "./open-backend.ts";
export { openSqliteStore } from "./store.ts";
export { acquireSupervisorLock } from "./supervisor-lock.ts";
