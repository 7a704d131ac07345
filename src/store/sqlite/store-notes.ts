// Owns what the records know of each deployment's key-value store: that it was begun, and how many writes it
// holds at least. So a store file that is missing, cut short or without its log never reads as an empty
// store.
import { readFileSync } from "node:fs";
import { TerrariumError } from "../../errors/index.ts";
import type { Awaitable, DeploymentId } from "../types.ts";
import type { SqliteConnection } from "./connection.ts";
import { writesOf } from "./key-value-rows.ts";
import type { Lanes } from "./lanes.ts";
import { RECORDS_LANE } from "./records.ts";

/** Writes of this process to one store after which they are noted. */
const NOTE_EVERY = 256;

export interface StoreNotesOptions {
  readonly records: SqliteConnection;
  readonly lanes: Lanes;
  /** Tells the owner of a deployment. */
  readonly tell: (id: DeploymentId, text: string) => void;
}

export class StoreNotes {
  readonly #options: StoreNotesOptions;
  /** Stores that this process knows to be begun. */
  readonly #begun = new Set<DeploymentId>();
  /** Writes of this process that are not noted yet. */
  readonly #unnoted = new Map<DeploymentId, number>();

  constructor(options: StoreNotesOptions) {
    this.#options = options;
  }

  /** Notes, on disk, that a store holds a write; to be called before its first write is acknowledged. */
  begin(id: DeploymentId): Awaitable<void> {
    if (this.#begun.has(id)) return;
    const { records, lanes } = this.#options;
    const sql = "INSERT OR IGNORE INTO stores (id, writes, boot) VALUES (?, 1, ?)";
    return lanes.run(RECORDS_LANE, [], () => {
      if (this.#row(id) === undefined) records.syncedTransaction(() => records.run(sql, id, bootId()));
      this.#begun.add(id);
    });
  }

  /** Whether the records know of the store. */
  isBegun(id: DeploymentId): boolean {
    return this.#begun.has(id) || this.#row(id) !== undefined;
  }

  /** Counts a write. Now and then the file's own count goes into the records. */
  wrote(id: DeploymentId, file: SqliteConnection): void {
    const unnoted = (this.#unnoted.get(id) ?? 0) + 1;
    this.#unnoted.set(id, unnoted % NOTE_EVERY);
    if (unnoted === NOTE_EVERY) this.note(id, file);
  }

  /** Notes how many writes the file holds. Not urgent: a note that does not come through claims less. */
  note(id: DeploymentId, file: SqliteConnection): void {
    const { records, lanes } = this.#options;
    const sql = "UPDATE stores SET writes = max(writes, ?), boot = ? WHERE id = ?";
    const writes = writesOf(file);
    const noted = lanes.run(RECORDS_LANE, [], () =>
      records.transaction(() => records.run(sql, writes, bootId(), id)),
    );
    if (noted instanceof Promise) noted.catch(() => undefined);
  }

  /**
   * Compares a file that is being opened with its note. Throws TER_STORE_DAMAGED if it lost writes, unless
   * the machine has been started anew since: then writes that were not synced may be gone, and that is told.
   */
  check(id: DeploymentId, file: SqliteConnection): void {
    const row = this.#row(id);
    const missing = Number(row?.["writes"] ?? 0) - writesOf(file);
    if (missing <= 0) return;
    if (row?.["boot"] === bootId())
      throw new TerrariumError("TER_STORE_DAMAGED", { reason: `the store of ${id} lacks ${missing} writes` });
    const text = `The last ${missing} writes of the store were lost when the machine stopped`;
    this.#options.tell(id, `${text}. Start the server with --durability power to keep every one`);
    const { records } = this.#options;
    records.transaction(() => records.run("UPDATE stores SET writes = ? WHERE id = ?", writesOf(file), id));
  }

  /** The file is missing: an error if there should be one. */
  requireNone(id: DeploymentId): void {
    if (this.isBegun(id))
      throw new TerrariumError("TER_STORE_DAMAGED", { reason: `the store of ${id} has no file` });
  }

  forget(id: DeploymentId): void {
    this.#begun.delete(id);
    this.#unnoted.delete(id);
  }

  #row(id: DeploymentId) {
    return this.#options.records.one("SELECT writes, boot FROM stores WHERE id = ?", id);
  }
}

let knownBootId: string | undefined;

/** Changes when the machine starts anew; empty where the system does not tell. */
function bootId(): string {
  if (knownBootId !== undefined) return knownBootId;
  try {
    knownBootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    knownBootId = "";
  }
  return knownBootId;
}
