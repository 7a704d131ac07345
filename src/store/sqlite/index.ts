export { backUpDataDirectory } from "./copies/backup.ts";
export { restoreDataDirectory } from "./copies/restore.ts";
export { edgeFiles } from "./edge-files.ts";
export { examineDataDirectory } from "./examination.ts";
export { rebuildDataDirectory } from "./rebuilding.ts";
export { openSqliteBackend } from "./open-backend.ts";
export { openSqliteStore } from "./store.ts";
export { acquireSupervisorLock } from "./supervisor-lock.ts";
