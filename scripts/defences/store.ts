// Defences of the store: nothing is deleted that is not understood, nothing reads as empty that is not.
import type { Defence } from "./types.ts";

const SQLITE = "src/store/sqlite";
const CONSISTENCY = `${SQLITE}/consistency.test.ts`;
const POWER = "tests/durability/power.test.ts";
const WIPING = `${SQLITE}/wiping.test.ts`;

/** All defences of the store. */
export const STORE_DEFENCES: readonly Defence[] = [
  {
    name: "Edges serve what they hold while records cannot be read",
    file: "src/edge/routing/deployments.ts",
    test: "tests/durability/read-errors.test.ts",
    present: "} catch { return deployment; }",
    removed: "} catch (error) { throw error; }",
  },
  {
    name: "Apps answer while records cannot be read",
    file: "src/edge/routing/app-routes.ts",
    test: "tests/durability/read-errors.test.ts",
    present: "if (known === undefined) throw error;",
    removed: "throw error;",
  },
  {
    name: "A read error in the background ends no process",
    file: "src/store/sqlite/removal-watch.ts",
    test: "tests/durability/read-errors.test.ts",
    present: "} catch {",
    removed: "} catch (error) { setImmediate(() => { throw error; });",
    endless: true,
  },
  {
    name: "A store that was only compared with is not noted as begun",
    file: `${SQLITE}/key-value.ts`,
    test: `${SQLITE}/contract.test.ts`,
    present: "done.begun ? this.#options.notes.begin(this.#id) : undefined",
    removed: "this.#options.notes.begin(this.#id)",
  },
  {
    name: "Compare-and-set compares before it writes",
    file: `${SQLITE}/key-value.ts`,
    test: `${SQLITE}/contract.test.ts`,
    present: "if (entry === undefined || !hasValue(file, key, entry, expected)) return false;",
    removed: "if (entry === undefined) return false; void [hasValue, expected];",
  },
  {
    name: "Damaged pages are read again",
    file: "src/store/sqlite/connection.ts",
    test: "tests/durability/read-errors.test.ts",
    present: "if (isDamage(error)) this.#forgetPages();",
    removed: "",
  },
  {
    name: "Deletions and expiry work on a full disk",
    file: "src/store/sqlite/reserve.ts",
    test: "tests/durability/full-disk.test.ts",
    present: "if (!isDiskFull(error) || !give(this.#files.forRemovals)) throw error;",
    removed: "if (isDiskFull(error)) throw error;",
  },
  {
    name: "A server starts on a full disk",
    file: "src/control/supervisor/supervisor.ts",
    test: "tests/durability/full-disk.test.ts",
    present: "makeRoomForStart(config.dataDir);",
    removed: "",
  },
  {
    name: "A folder of somebody else is refused",
    file: `${SQLITE}/data-format.ts`,
    test: CONSISTENCY,
    present: "if (example !== undefined && !isOfEarlierVersion(directory))",
    removed: "if (example === directory.root)",
  },
  {
    name: "The folder is claimed before its lock is made",
    file: `${SQLITE}/supervisor-lock.ts`,
    test: CONSISTENCY,
    present: "claimDataDirectory(new DataDirectory(dataDir));",
    removed: "void claimDataDirectory;",
  },
  {
    name: "Data without records is an error",
    file: `${SQLITE}/consistency.ts`,
    test: CONSISTENCY,
    present: "directory.hasData ?",
    removed: "directory.root === null ?",
  },
  {
    name: "A log of the records that lost what was synced is an error",
    file: `${SQLITE}/synced-mark.ts`,
    test: CONSISTENCY,
    present: "return lost > 0 ?",
    removed: "return lost > 1e9 ?",
  },
  {
    name: "Stores of which the records know nothing are an error",
    file: `${SQLITE}/consistency.ts`,
    test: CONSISTENCY,
    present: "if (example === undefined) return;",
    removed: "if (strangers !== null) return;",
  },
  {
    name: "Files without a record are kept",
    file: `${SQLITE}/wiper.ts`,
    test: WIPING,
    present: "if (!this.#wasUsed(id)) files.lose(id, found);",
    removed: "if (!this.#wasUsed(id)) files.remove(id);",
  },
  {
    name: "A store that was begun has a file",
    file: `${SQLITE}/store-notes.ts`,
    test: CONSISTENCY,
    present: "if (this.isBegun(id))",
    removed: "if (id.length === 0)",
  },
  {
    name: "A store that lacks writes is an error",
    file: `${SQLITE}/store-notes.ts`,
    test: CONSISTENCY,
    present: "if (missing <= 0) return;",
    removed: "if (missing <= 1e9) return;",
  },
  {
    name: "A log whose sync failed is written again before the next sync is believed",
    file: `${SQLITE}/group-sync.ts`,
    test: "tests/durability/disk-errors.test.ts",
    present: "await believe(connection);",
    removed: "void believe;",
  },
  {
    name: "A sync that fails is remembered",
    file: `${SQLITE}/group-sync.ts`,
    test: "tests/durability/disk-errors.test.ts",
    present: "distrustLog(path); throw",
    removed: "throw",
  },
  {
    name: "A store write whose sync fails is refused",
    file: `${SQLITE}/group-sync.ts`,
    test: "tests/durability/disk-errors.test.ts",
    present: "throw toStoreError(error);",
    removed: "void toStoreError;",
  },
  {
    name: "With --durability power a write is acknowledged once it is on disk",
    file: `${SQLITE}/store.ts`,
    test: POWER,
    present: 'options.durability === "power" ?',
    removed: "options.durability === undefined ?",
  },
  {
    name: "A deploy is on disk before it is acknowledged",
    file: `${SQLITE}/connection.ts`,
    test: POWER,
    present: 'this.#database.exec("PRAGMA synchronous = FULL");',
    removed: "",
  },
  {
    name: "Keys, marks and new databases are on disk before they have a name",
    file: "src/store/durable-files.ts",
    test: POWER,
    present: "fsyncSync(file);",
    removed: "",
  },
  {
    name: "A backup is restored only if every digest is right",
    file: `${SQLITE}/copies/archive.ts`,
    test: "tests/durability/backup.test.ts",
    present: "if (contents[name] !== digests[name])",
    removed: "if (name.length === 0)",
  },
];
