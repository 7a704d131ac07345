// Owns one kind of per-deployment SQLite file (key-value or logs) and keeps only a few open.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { TerrariumError } from "../../errors/index.ts";
import type { DeploymentId } from "../types.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { SqliteConnection } from "./connection.ts";
import { isDnsLabel } from "../dns-label.ts";
import type { LostAndFound } from "./lost-found.ts";
import { makeDatabaseFile, removeDatabaseFile } from "./database-file.ts";
import { isFileMissing } from "./faults.ts";

const SUFFIX = ".db";

export interface TenantFilesOptions {
  readonly folder: string;
  /** Ends by setting `user_version`: a file without one is created again. */
  readonly schema: string;
  /** Beyond this, the least recently used file is closed. */
  readonly maxOpenFiles: number;
  readonly isAlive: (id: DeploymentId) => boolean;
  /** Brings a file of an earlier format to the schema's. */
  readonly migrate?: (file: SqliteConnection) => void;
  /** Checks a file that was opened; may throw. */
  readonly check?: (id: DeploymentId, file: SqliteConnection) => void;
  /** Says that a deployment has no file, or one without content; may throw. */
  readonly missing?: (id: DeploymentId) => void;
  readonly checkpointer: Checkpointer;
}

/** Files by deployment, opened on first use. */
export class TenantFiles {
  readonly #options: TenantFilesOptions;
  /** In order of use, the most recent last. */
  readonly #open = new Map<DeploymentId, SqliteConnection>();

  constructor(options: TenantFilesOptions) {
    this.#options = options;
  }

  /** The deployment's file, created if it has none. Throws TER_NOT_FOUND if the deployment is gone. */
  use(id: DeploymentId): SqliteConnection {
    return this.#touch(id) ?? this.#admit(id, this.#openAlive(id, true));
  }

  /** The deployment's file, or undefined if it has none. Throws TER_NOT_FOUND if the deployment is gone. */
  peek(id: DeploymentId): SqliteConnection | undefined {
    const open = this.#touch(id);
    if (open !== undefined) return open;
    if (!existsSync(this.#path(id))) {
      this.#requireAlive(id);
      this.#options.missing?.(id);
      return undefined;
    }
    return this.#admit(id, this.#openAlive(id, false));
  }

  /** Closes a deployment's file if it is open. */
  close(id: DeploymentId): void {
    this.#open.get(id)?.close();
    this.#open.delete(id);
  }

  closeAll(): void {
    for (const id of this.#open.keys()) this.close(id);
  }

  /** Deletes a deployment's file. */
  remove(id: DeploymentId): void {
    this.close(id);
    removeDatabaseFile(this.#path(id));
  }

  /** The deployments that have files here, as far as file names tell. */
  ids(): DeploymentId[] {
    const names = readdirSync(this.#options.folder).filter((name) => name.includes(SUFFIX));
    return [...new Set(names.map((name) => name.slice(0, name.indexOf(SUFFIX))))].filter(isDnsLabel);
  }

  /** Moves a deployment's file, which no record knows, to lost+found/. */
  lose(id: DeploymentId, found: LostAndFound): void {
    this.close(id);
    const path = this.#path(id);
    for (const suffix of ["", "-wal", "-shm"])
      if (existsSync(path + suffix))
        found.take(path + suffix, basename(this.#options.folder), basename(path) + suffix);
  }

  #touch(id: DeploymentId): SqliteConnection | undefined {
    const connection = this.#open.get(id);
    if (connection === undefined) return undefined;
    this.#open.delete(id);
    this.#open.set(id, connection);
    return connection;
  }

  #admit(id: DeploymentId, connection: SqliteConnection): SqliteConnection {
    this.#open.set(id, connection);
    if (this.#open.size > this.#options.maxOpenFiles) this.#closeOldest();
    return connection;
  }

  #closeOldest(): void {
    for (const [id, connection] of this.#open) {
      this.#open.delete(id);
      this.#options.checkpointer.closeBehind(connection.path, () => connection.close());
      return;
    }
  }

  /**
   * A removal deletes the record first and then the files. So the removal deletes any file that existed
   * before its record was seen alive; a file created later is deleted here.
   */
  #openAlive(id: DeploymentId, create: boolean): SqliteConnection {
    this.#requireAlive(id);
    const path = this.#path(id);
    if (create && !existsSync(path)) {
      this.#options.missing?.(id);
      // Beside its final name, as edges see this folder as a file system of its own.
      makeDatabaseFile(path, this.#options.folder, this.#options.schema);
    }
    try {
      const connection = this.#connect(path, id);
      if (this.#options.isAlive(id)) return connection;
      connection.close();
    } catch (error) {
      if (!isFileMissing(error) || this.#options.isAlive(id)) throw error;
    }
    removeDatabaseFile(path);
    throw new TerrariumError("TER_NOT_FOUND", { id });
  }

  #connect(path: string, id: DeploymentId): SqliteConnection {
    const connection = new SqliteConnection(path, (due) => this.#options.checkpointer.checkpoint(due));
    try {
      if (connection.formatVersion === 0) this.#makeAnew(connection, id);
      this.#options.migrate?.(connection);
      this.#options.check?.(id, connection);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** A file created shortly before a power failure may be empty after it. */
  #makeAnew(connection: SqliteConnection, id: DeploymentId): void {
    this.#options.missing?.(id);
    connection.script("PRAGMA journal_mode = WAL");
    connection.transaction(() => {
      if (connection.formatVersion === 0) connection.script(this.#options.schema);
    });
  }

  #requireAlive(id: DeploymentId): undefined {
    if (!this.#options.isAlive(id)) throw new TerrariumError("TER_NOT_FOUND", { id });
  }

  #path(id: DeploymentId): string {
    if (!isDnsLabel(id)) throw new TerrariumError("TER_NOT_FOUND", { id });
    return join(this.#options.folder, id + SUFFIX);
  }
}
