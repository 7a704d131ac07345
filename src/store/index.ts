export { openStore } from "./open-store.ts";
export {
  acquireSupervisorLock,
  examineDataDirectory,
  openSqliteStore,
  rebuildDataDirectory,
} from "./sqlite/index.ts";
export type * from "./types.ts";
