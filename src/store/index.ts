export { openStore } from "./open-store.ts";
export {
  acquireSupervisorLock,
  backUpDataDirectory,
  edgeFiles,
  makeRoomForStart,
  examineDataDirectory,
  openSqliteStore,
  rebuildDataDirectory,
  restoreDataDirectory,
} from "./sqlite/index.ts";
export type * from "./types.ts";
