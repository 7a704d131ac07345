// Keeps track of the processes that serve on this data directory.
import type { Awaitable, LivenessStore, Member } from "../types.ts";
import type { SqliteConnection, Row } from "./connection.ts";
import type { Lanes } from "./lanes.ts";
import { RECORDS_LANE } from "./records.ts";

/** A member that has been silent this long is forgotten. */
const FORGET_AFTER_MS = 60 * 60 * 1000;

export class SqliteLivenessStore implements LivenessStore {
  readonly #records: SqliteConnection;
  readonly #lanes: Lanes;
  readonly #now: () => number;

  constructor(records: SqliteConnection, lanes: Lanes, now: () => number) {
    this.#records = records;
    this.#lanes = lanes;
    this.#now = now;
  }

  beat(member: Member): Awaitable<void> {
    const sql = "INSERT OR REPLACE INTO members (name, pid, role, socket, at_ms) VALUES (?, ?, ?, ?, ?)";
    return this.#transaction(() => {
      this.#records.run(sql, member.name, member.pid, member.role, member.socket, member.atMs);
      this.#records.run("DELETE FROM members WHERE at_ms < ?", this.#now() - FORGET_AFTER_MS);
    });
  }

  leave(name: string): Awaitable<void> {
    return this.#transaction(() => void this.#records.run("DELETE FROM members WHERE name = ?", name));
  }

  members(maxAgeMs: number): Awaitable<Member[]> {
    const sql = "SELECT * FROM members WHERE at_ms > ? ORDER BY name";
    return this.#lanes.run(`${RECORDS_LANE}#read`, [], () =>
      this.#records.all(sql, this.#now() - maxAgeMs).map(memberOf),
    );
  }

  #transaction(body: () => void): Awaitable<void> {
    return this.#lanes.run(RECORDS_LANE, [], () => this.#records.transaction(body));
  }
}

function memberOf(row: Row): Member {
  return {
    name: String(row["name"]),
    pid: Number(row["pid"]),
    role: row["role"] as Member["role"],
    socket: row["socket"] as string | null,
    atMs: Number(row["at_ms"]),
  };
}
