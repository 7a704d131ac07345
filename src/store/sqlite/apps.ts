// Owns apps' records: names that last, and which version answers at each.
import { TerrariumError } from "../../errors/index.ts";
import type { AppRecord, AppStore, Awaitable, DeploymentId, Digest } from "../types.ts";
import type { Row, SqliteConnection } from "./connection.ts";
import { isDnsLabel } from "../dns-label.ts";
import type { DeploymentStoreOptions } from "./deployments.ts";
import type { Lanes } from "./lanes.ts";
import { RECORDS_LANE } from "./records.ts";
import type { RemovalWatch } from "./removal-watch.ts";
import type { SyncedMark } from "./synced-mark.ts";
import type { Reserve } from "./reserve.ts";
import type { Wiper } from "./wiper.ts";

const COLUMNS =
  "name, store_id, token_digest, source, created_at_ms, current_id, previous_id, last_version, switch_number";

export class SqliteAppStore implements AppStore {
  readonly #records: SqliteConnection;
  readonly #lanes: Lanes;
  readonly #now: () => number;
  readonly #reserve: Reserve | null;
  readonly #watch: RemovalWatch;
  readonly #wiper: Wiper;
  readonly #syncedMark: SyncedMark;

  constructor({ records, lanes, now, reserve, watch, wiper, syncedMark }: DeploymentStoreOptions) {
    this.#records = records;
    this.#lanes = lanes;
    this.#now = now;
    this.#reserve = reserve;
    this.#watch = watch;
    this.#wiper = wiper;
    this.#syncedMark = syncedMark;
  }

  create(record: AppRecord): Awaitable<boolean> {
    if (!isDnsLabel(record.name) || !isDnsLabel(record.storeId))
      throw new TerrariumError("TER_INTERNAL", { reason: "an app's name has to be a DNS label" });
    return this.#synced(() => {
      if (this.#read(record.name) !== undefined) return false;
      if (this.#records.run("INSERT OR IGNORE INTO used_ids (id) VALUES (?)", record.storeId) === 0)
        return false;
      this.#records.run("DELETE FROM released_names WHERE name = ?", record.name);
      this.#records.run(
        `INSERT INTO apps (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        record.name,
        record.storeId,
        record.tokenDigest,
        record.source,
        record.createdAtMs,
        record.currentId,
        record.previousId,
        record.lastVersion,
        record.switchNumber,
      );
      return true;
    });
  }

  heldFor(name: string): Awaitable<Digest | undefined> {
    const sql = "SELECT token_digest FROM released_names WHERE name = ? AND until_ms > ?";
    return this.#lanes.run(`${RECORDS_LANE}#read`, [], () => {
      const row = this.#records.one(sql, name, this.#now());
      return row && (row["token_digest"] as Digest);
    });
  }

  get(name: string): Awaitable<AppRecord | undefined> {
    return this.#lanes.run(`${RECORDS_LANE}#read`, [], () => this.#read(name));
  }

  list(): Awaitable<AppRecord[]> {
    const sql = `SELECT ${COLUMNS} FROM apps ORDER BY name`;
    return this.#lanes.run(`${RECORDS_LANE}#read`, [], () => this.#records.all(sql).map(recordOf));
  }

  addVersion(name: string): Awaitable<number | undefined> {
    return this.#synced(() => {
      this.#records.run("UPDATE apps SET last_version = last_version + 1 WHERE name = ?", name);
      return this.#read(name)?.lastVersion;
    });
  }

  switchTo(name: string, id: DeploymentId, keepMs: number): Awaitable<AppRecord | undefined> {
    return this.#synced(() => {
      const nowMs = this.#now();
      const app = this.#read(name);
      if (app === undefined || !this.#isLiveVersion(name, id, nowMs)) return undefined;
      this.#records.run("UPDATE deployments SET expires_at_ms = NULL WHERE id = ?", id);
      if (app.currentId === id) return app;
      this.#records.run(
        "UPDATE deployments SET expires_at_ms = ? WHERE id = ?",
        nowMs + keepMs,
        app.currentId,
      );
      this.#records.run(
        "UPDATE apps SET previous_id = current_id, current_id = ?, switch_number = ? WHERE name = ?",
        id,
        this.#nextSwitch(),
        name,
      );
      return this.#read(name);
    });
  }

  async remove(name: string, holdMs: number): Promise<number | undefined> {
    const { ids, switchNumber } = await this.#lend(() =>
      this.#synced(() => this.#removeRecords(name, holdMs)),
    );
    await this.#lend(async () => {
      // Announces first, so that edges stop serving before the data is deleted.
      this.#watch.poll();
      for (const id of ids) await this.#wiper.wipe(id);
      await this.#wiper.collectGarbage();
    });
    return switchNumber;
  }

  #lend<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#reserve === null ? Promise.resolve(work()) : this.#reserve.lend(work);
  }

  /** Returns everything that has files: the versions, and the store. */
  #removeRecords(
    name: string,
    holdMs: number,
  ): { readonly ids: readonly DeploymentId[]; readonly switchNumber: number | undefined } {
    const app = this.#read(name);
    if (app === undefined) return { ids: [], switchNumber: undefined };
    const nowMs = this.#now();
    const versions = this.#records.all("SELECT id FROM deployments WHERE app = ?", name);
    const ids = [...versions.map((row) => row["id"] as DeploymentId), app.storeId];
    this.#records.run("DELETE FROM apps WHERE name = ?", name);
    for (const id of ids) this.#wiper.removeRecord(id, nowMs);
    this.#records.run("DELETE FROM released_names WHERE until_ms <= ?", nowMs);
    this.#records.run(
      "INSERT OR REPLACE INTO released_names (name, token_digest, until_ms) VALUES (?, ?, ?)",
      name,
      app.tokenDigest,
      nowMs + holdMs,
    );
    return { ids, switchNumber: this.#nextSwitch() };
  }

  #nextSwitch(): number {
    const row = this.#records.one("INSERT INTO switches DEFAULT VALUES RETURNING number");
    const number = Number(row?.["number"]);
    this.#records.run("DELETE FROM switches WHERE number < ?", number);
    return number;
  }

  #isLiveVersion(name: string, id: DeploymentId, nowMs: number): boolean {
    const sql =
      "SELECT 1 FROM deployments WHERE id = ? AND app = ? AND phase = 'live' " +
      "AND (expires_at_ms IS NULL OR expires_at_ms > ?)";
    return this.#records.one(sql, id, name, nowMs) !== undefined;
  }

  #read(name: string): AppRecord | undefined {
    const row = this.#records.one(`SELECT ${COLUMNS} FROM apps WHERE name = ?`, name);
    return row && recordOf(row);
  }

  /** On disk when it returns. */
  #synced<T>(body: () => T): Awaitable<T> {
    return this.#lanes.run(RECORDS_LANE, [], () => {
      const result = this.#records.syncedTransaction(body);
      this.#syncedMark.soon();
      return result;
    });
  }
}

function recordOf(row: Row): AppRecord {
  return {
    name: String(row["name"]),
    storeId: row["store_id"] as DeploymentId,
    tokenDigest: row["token_digest"] as Digest,
    source: String(row["source"]),
    createdAtMs: Number(row["created_at_ms"]),
    currentId: row["current_id"] as DeploymentId | null,
    previousId: row["previous_id"] as DeploymentId | null,
    lastVersion: Number(row["last_version"]),
    switchNumber: Number(row["switch_number"]),
  };
}
