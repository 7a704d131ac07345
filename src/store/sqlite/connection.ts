// Owns one open SQLite file: its settings, its prepared statements, its transactions.
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { isDamage, isDiskError } from "./faults.ts";
import { believeLog, distrustLog } from "./log-rewriting.ts";

/** One row of an answer, by column name. */
export type Row = Record<string, SQLOutputValue>;

/**
 * SQLite copies the log itself, on the writer's thread, only if the checkpointer is this far behind (64 MiB).
 */
const EMERGENCY_CHECKPOINT_PAGES = 16_384;
/** Bytes that one connection writes before it asks for a checkpoint. */
const CHECKPOINT_DUE_BYTES = 4 * 1024 * 1024;
/** What a commit adds to the log besides its values, roughly: the pages of header, index and row. */
const COMMIT_BYTES = 3 * 4096;

/**
 * A connection to an existing file (`database-file.ts` creates them). It never waits for a lock: it fails
 * with SQLITE_BUSY at once (see `lanes.ts`).
 */
export class SqliteConnection {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #onCheckpointDue: (path: string) => void;
  readonly #closeListeners: (() => void)[] = [];
  #uncheckpointedBytes = 0;

  /**
   * Calls `onCheckpointDue` when enough has been written that the write-ahead log should be copied into the
   * file.
   */
  constructor(path: string, onCheckpointDue: (path: string) => void) {
    this.path = path;
    this.#onCheckpointDue = onCheckpointDue;
    const url = pathToFileURL(path);
    url.searchParams.set("mode", "rw");
    this.#database = new DatabaseSync(url, { timeout: 0 });
    try {
      this.#database.exec(
        `PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${EMERGENCY_CHECKPOINT_PAGES}`,
      );
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Waits this long for locks, on this thread. Only for opening and for the checkpointer. */
  set busyTimeoutMs(value: number) {
    this.#database.exec(`PRAGMA busy_timeout = ${value}`);
  }

  get formatVersion(): number {
    return Number(this.one("PRAGMA user_version")?.["user_version"]);
  }

  /** Runs statements without values. */
  script(sql: string): void {
    this.#database.exec(sql);
  }

  /** Runs a statement; returns how many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#reading(() => Number(this.#statement(sql).run(...values).changes));
  }

  one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#reading(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#reading(() => this.#statement(sql).all(...values));
  }

  /** All of `body` or nothing. Takes the write lock first, so that what it reads cannot change meanwhile. */
  transaction<T>(body: () => T, writtenBytes = 0): T {
    this.#statement("BEGIN IMMEDIATE").run();
    let result: T;
    try {
      result = body();
      this.#statement("COMMIT").run();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
    this.#count(writtenBytes);
    return result;
  }

  /** As `transaction`, and on disk when it returns. */
  syncedTransaction<T>(body: () => T): T {
    believeLog(this);
    this.#database.exec("PRAGMA synchronous = FULL");
    try {
      return this.transaction(body);
    } catch (error) {
      if (isDiskError(error)) distrustLog(this.path);
      throw error;
    } finally {
      this.#database.exec("PRAGMA synchronous = NORMAL");
    }
  }

  /** Runs related reads on one state of the file. */
  snapshot<T>(body: () => T): T {
    this.#statement("BEGIN").run();
    try {
      return body();
    } finally {
      this.#database.exec("ROLLBACK");
    }
  }

  /** Calls back when this is closed; at once if it is. */
  onClose(listener: () => void): void {
    if (this.#database.isOpen) this.#closeListeners.push(listener);
    else listener();
  }

  close(): void {
    for (const listener of this.#closeListeners.splice(0)) listener();
    if (this.#database.isOpen) this.#database.close();
  }

  /** Damaged pages are not kept: the next read finds what the disk has by then. */
  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (isDamage(error)) this.#forgetPages();
      throw error;
    }
  }

  #forgetPages(): void {
    try {
      this.#database.exec("PRAGMA shrink_memory");
    } catch {
      // Nothing can be read at all now.
    }
  }

  #count(writtenBytes: number): void {
    this.#uncheckpointedBytes += COMMIT_BYTES + writtenBytes;
    if (this.#uncheckpointedBytes < CHECKPOINT_DUE_BYTES) return;
    this.#uncheckpointedBytes = 0;
    this.#onCheckpointDue(this.path);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}
