// Owns deployments' records and their removal. To every reader, an expired record is gone, even if it has not
// been swept yet.
import type {
  Awaitable,
  DeploymentId,
  DeploymentPhase,
  DeploymentRecord,
  DeploymentStore,
  Digest,
} from "../types.ts";
import type { Language } from "../../languages/list.ts";
import type { SQLInputValue } from "node:sqlite";
import { TerrariumError } from "../../errors/index.ts";
import type { SqliteConnection, Row } from "./connection.ts";
import { isDnsLabel } from "../dns-label.ts";
import type { Lanes } from "./lanes.ts";
import { RECORDS_LANE } from "./records.ts";
import type { Reserve } from "./reserve.ts";
import type { RemovalWatch } from "./removal-watch.ts";
import type { SyncedMark } from "./synced-mark.ts";
import type { Wiper } from "./wiper.ts";

const COLUMNS = {
  name: "name",
  language: "language",
  phase: "phase",
  message: "message",
  errorCode: "error_code",
  createdAtMs: "created_at_ms",
  expiresAtMs: "expires_at_ms",
  tokenDigest: "token_digest",
  source: "source",
  app: "app",
  version: "version",
} as const satisfies Record<Exclude<keyof DeploymentRecord, "id">, string>;

type Change = Partial<Omit<DeploymentRecord, "id">>;

const ALIVE = "(expires_at_ms IS NULL OR expires_at_ms > ?)";
/** Deployments that a sweep removes in one transaction, which holds the lock for a few milliseconds. */
const SWEEP_BATCH = 64;

export interface DeploymentStoreOptions {
  readonly records: SqliteConnection;
  readonly lanes: Lanes;
  readonly now: () => number;
  /** Null: this process removes nothing on a full disk. */
  readonly reserve: Reserve | null;
  readonly watch: RemovalWatch;
  readonly wiper: Wiper;
  readonly syncedMark: SyncedMark;
}

export class SqliteDeploymentStore implements DeploymentStore {
  readonly #records: SqliteConnection;
  readonly #lanes: Lanes;
  readonly #now: () => number;
  readonly #reserve: Reserve | null;
  readonly #watch: RemovalWatch;
  readonly #wiper: Wiper;
  readonly #syncedMark: SyncedMark;

  constructor(options: DeploymentStoreOptions) {
    this.#records = options.records;
    this.#lanes = options.lanes;
    this.#now = options.now;
    this.#reserve = options.reserve;
    this.#watch = options.watch;
    this.#wiper = options.wiper;
    this.#syncedMark = options.syncedMark;
  }

  create(record: DeploymentRecord): Awaitable<boolean> {
    if (!isDnsLabel(record.id))
      throw new TerrariumError("TER_INTERNAL", { reason: "a deployment's id has to be a DNS label" });
    return this.#synced(() => {
      if (this.#records.run("INSERT OR IGNORE INTO used_ids (id) VALUES (?)", record.id) === 0) return false;
      const columns = Object.values(COLUMNS);
      const marks = columns.map(() => "?").join(", ");
      const sql = `INSERT INTO deployments (id, ${columns.join(", ")}) VALUES (?, ${marks})`;
      this.#records.run(sql, record.id, ...valuesOf(record, Object.keys(COLUMNS) as (keyof Change)[]));
      return true;
    });
  }

  update(id: DeploymentId, change: Change): Awaitable<boolean> {
    const fields = (Object.keys(COLUMNS) as (keyof Change)[]).filter((field) => change[field] !== undefined);
    const sets = fields.map((field) => `${COLUMNS[field]} = ?`).join(", ");
    // Without a change it still reports whether the deployment exists.
    const sql = `UPDATE deployments SET ${sets === "" ? "id = id" : sets} WHERE id = ? AND ${ALIVE}`;
    const update = () => this.#records.run(sql, ...valuesOf(change, fields), id, this.#now()) > 0;
    return mustLast(change) ? this.#synced(update) : this.#transaction(update);
  }

  get(id: DeploymentId): Awaitable<DeploymentRecord | undefined> {
    return this.#read(() => {
      const row = this.#records.one(`SELECT * FROM deployments WHERE id = ? AND ${ALIVE}`, id, this.#now());
      return row && recordOf(row);
    });
  }

  list(): Awaitable<DeploymentRecord[]> {
    const sql = `SELECT * FROM deployments WHERE ${ALIVE} ORDER BY created_at_ms, id`;
    return this.#read(() => this.#records.all(sql, this.#now()).map(recordOf));
  }

  async remove(id: DeploymentId): Promise<boolean> {
    const nowMs = this.#now();
    const removeRecord = () => {
      const row = this.#records.one("SELECT expires_at_ms FROM deployments WHERE id = ?", id);
      if (row === undefined) return false;
      this.#wiper.removeRecord(id, nowMs);
      return row["expires_at_ms"] === null || Number(row["expires_at_ms"]) > nowMs;
    };
    const wasAlive = await this.#lend(() => this.#synced(removeRecord));
    await this.#lend(() => this.#finish([id]));
    return wasAlive;
  }

  async sweep(nowMs: number): Promise<DeploymentId[]> {
    const removed: DeploymentId[] = [];
    for (;;) {
      const batch = await this.#lend(() => this.#transaction(() => this.#removeExpired(nowMs)));
      removed.push(...batch);
      await this.#lend(() => this.#finish(batch));
      if (batch.length < SWEEP_BATCH) break;
    }
    await this.#lend(() => this.#wiper.tidy(nowMs));
    return removed;
  }

  onRemoved(listener: (id: DeploymentId) => void): () => void {
    return this.#watch.subscribe(listener);
  }

  #removeExpired(nowMs: number): DeploymentId[] {
    const rows = this.#records.all(
      "SELECT id FROM deployments WHERE expires_at_ms <= ? LIMIT ?",
      nowMs,
      SWEEP_BATCH,
    );
    const ids = rows.map((row) => String(row["id"]) as DeploymentId);
    for (const id of ids) this.#wiper.removeRecord(id, nowMs);
    return ids;
  }

  /** Announces first, so that edges stop serving before the data is deleted. */
  async #finish(ids: readonly DeploymentId[]): Promise<void> {
    this.#watch.poll();
    for (const id of ids) await this.#wiper.wipe(id);
    await this.#wiper.collectGarbage();
  }

  #lend<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#reserve === null ? Promise.resolve(work()) : this.#reserve.lend(work);
  }

  /** On disk when it returns. */
  #synced<T>(body: () => T): Awaitable<T> {
    return this.#lanes.run(RECORDS_LANE, [], () => {
      const result = this.#records.syncedTransaction(body);
      this.#syncedMark.soon();
      return result;
    });
  }

  #transaction<T>(body: () => T): Awaitable<T> {
    return this.#lanes.run(RECORDS_LANE, [], () => this.#records.transaction(body));
  }

  /** Reads do not queue behind writes: in WAL mode they do not need the writer's lock. */
  #read<T>(body: () => T): Awaitable<T> {
    return this.#lanes.run(`${RECORDS_LANE}#read`, [], body);
  }
}

/** What is promised to a client has to outlive a cut of power; the steps of a build need not. */
function mustLast({ phase, expiresAtMs }: Change): boolean {
  return expiresAtMs !== undefined || phase === "live" || phase === "failed";
}

function valuesOf(change: Change, fields: readonly (keyof Change)[]): SQLInputValue[] {
  return fields.map((field) => change[field] ?? null);
}

function recordOf(row: Row): DeploymentRecord {
  return {
    id: row["id"] as DeploymentId,
    name: String(row["name"]),
    language: row["language"] as Language | null,
    phase: row["phase"] as DeploymentPhase,
    message: String(row["message"]),
    errorCode: row["error_code"] as string | null,
    createdAtMs: Number(row["created_at_ms"]),
    expiresAtMs: row["expires_at_ms"] as number | null,
    tokenDigest: row["token_digest"] as Digest,
    source: String(row["source"]),
    app: row["app"] as string | null,
    version: row["version"] as number | null,
  };
}
