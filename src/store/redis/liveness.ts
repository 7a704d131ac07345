// Keeps track of the processes that serve from this store, on all machines.
import type { LivenessStore, Member } from "../types.ts";
import type { Connection } from "./connection.ts";
import { GLOBAL } from "./keys.ts";
import { listOf } from "./replies.ts";

/** A member that has been silent this long is forgotten. */
const FORGET_AFTER_MS = 60 * 60 * 1000;

export class RedisLivenessStore implements LivenessStore {
  readonly #connection: Connection;
  readonly #now: () => number;

  constructor(connection: Connection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  async beat(member: Member): Promise<void> {
    await this.#connection.call(["HSET", GLOBAL.members, member.name, JSON.stringify(member)]);
  }

  async leave(name: string): Promise<void> {
    await this.#connection.call(["HDEL", GLOBAL.members, name]);
  }

  async members(maxAgeMs: number): Promise<Member[]> {
    const found = listOf(await this.#connection.call(["HVALS", GLOBAL.members]));
    const all = found.map((text) => JSON.parse(String(text)) as Member);
    const silent = all.filter(({ atMs }) => this.#now() - atMs > FORGET_AFTER_MS);
    for (const { name } of silent) await this.leave(name);
    return all.filter(({ atMs }) => this.#now() - atMs < maxAgeMs).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
