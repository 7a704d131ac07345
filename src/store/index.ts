export { openStore, type OpenStoreOptions } from "./open-store.ts";
export {
  acquireSupervisorLock,
  openSqliteStore,
  type SqliteStoreOptions,
  type SupervisorLock,
} from "./sqlite/index.ts";
export type * from "./types.ts";
