// Owns deployments' records and their removal. To every reader, an expired record is gone, even if it has not
// been swept yet.
//
// Record and indexes lie in different slots, so no transaction covers both. Order keeps them together: the
// indexes name an id before its record exists, and until all that belongs to it is gone. A sweep looks at
// each id that the index of expiry names by then: what lives on gets its time corrected, what lost its record
// is removed to the end.
import { TerrariumError } from "../../errors/index.ts";
import type { Language } from "../../languages/list.ts";
import { isDnsLabel } from "../dns-label.ts";
import type { DeploymentId, DeploymentPhase, DeploymentRecord, DeploymentStore, Digest } from "../types.ts";
import type { Connection } from "./connection.ts";
import { appKeys, blobKeys, deploymentKeys, GLOBAL } from "./keys.ts";
import type { RemovalStream } from "./removal-stream.ts";
import { answerOf, fieldsOf, hashOf, listOf } from "./replies.ts";
import { CREATE, READ, RELEASE_BLOB, REMOVE, UPDATE } from "./scripts.ts";

/** Makes a sweep look at a deployment whatever its time is. */
const AT_ONCE = 0;

type Change = Partial<Omit<DeploymentRecord, "id">>;

export class RedisDeploymentStore implements DeploymentStore {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #removals: RemovalStream;
  /** Finishes removals of apps that were cut short. */
  readonly #sweepApps: () => Promise<void>;

  constructor(options: {
    readonly connection: Connection;
    readonly now: () => number;
    readonly removals: RemovalStream;
    readonly sweepApps: () => Promise<void>;
  }) {
    this.#connection = options.connection;
    this.#now = options.now;
    this.#removals = options.removals;
    this.#sweepApps = options.sweepApps;
  }

  async create(record: DeploymentRecord): Promise<boolean> {
    const { id, app, createdAtMs, expiresAtMs } = record;
    if (!isDnsLabel(id))
      throw new TerrariumError("TER_INTERNAL", { reason: "a deployment's id has to be a DNS label" });
    const { record: key, taken } = deploymentKeys(id);
    if ((await this.#connection.call(["EXISTS", taken])) === 1) return false;
    await this.#connection.call(["ZADD", GLOBAL.index, "NX", createdAtMs, id]);
    if (app !== null) await this.#connection.call(["SADD", appKeys(app).versions, id]);
    if (expiresAtMs !== null) await this.#connection.call(["ZADD", GLOBAL.expiry, "NX", expiresAtMs, id]);
    return (await this.#connection.run(CREATE, [key, taken], fieldsOf(record))) === 1;
  }

  async update(id: DeploymentId, change: Change): Promise<boolean> {
    const { expiresAtMs } = change;
    // A sweep may come too early, never too late.
    if (expiresAtMs !== undefined && expiresAtMs !== null)
      await this.#connection.call(["ZADD", GLOBAL.expiry, "LT", expiresAtMs, id]);
    const keys = [deploymentKeys(id).record];
    const isAlive = (await this.#connection.run(UPDATE, keys, [this.#now(), ...fieldsOf(change)])) === 1;
    if (!isAlive || expiresAtMs === undefined) return isAlive;
    if (expiresAtMs !== null) await this.#connection.call(["ZADD", GLOBAL.expiry, expiresAtMs, id]);
    return true;
  }

  async get(id: DeploymentId): Promise<DeploymentRecord | undefined> {
    return recordOf(await this.#connection.run(READ, [deploymentKeys(id).record], [this.#now()]));
  }

  async list(): Promise<DeploymentRecord[]> {
    const ids = listOf(await this.#connection.call(["ZRANGE", GLOBAL.index, 0, -1]));
    const records = await Promise.all(ids.map((id) => this.get(String(id) as DeploymentId)));
    return records.filter((record) => record !== undefined);
  }

  async remove(id: DeploymentId): Promise<boolean> {
    await this.#connection.call(["ZADD", GLOBAL.expiry, AT_ONCE, id]);
    const [outcome, wasAlive] = await this.#removeRecord(id, this.#now(), false);
    if (outcome === "none") await this.#connection.call(["ZREM", GLOBAL.expiry, id]);
    return outcome === "removed" && wasAlive === 1;
  }

  async sweep(nowMs: number): Promise<DeploymentId[]> {
    const removed: DeploymentId[] = [];
    const due = await this.#connection.call(["ZRANGEBYSCORE", GLOBAL.expiry, "-inf", nowMs]);
    for (const entry of listOf(due)) {
      const id = String(entry) as DeploymentId;
      const [outcome, expires] = await this.#removeRecord(id, nowMs, true);
      if (outcome === "removed") removed.push(id);
      else if (outcome === "spared") await this.#correctExpiry(id, String(expires));
      else await this.#finish(id);
    }
    await this.#sweepApps();
    return removed;
  }

  onRemoved(listener: (id: DeploymentId) => void): () => void {
    return this.#removals.subscribe(listener);
  }

  async #removeRecord(
    id: DeploymentId,
    nowMs: number,
    spareAlive: boolean,
  ): Promise<ReturnType<typeof answerOf>> {
    const { taken: _, uses: __, ...wiped } = deploymentKeys(id);
    const keys = Object.values(wiped);
    const answer = answerOf(await this.#connection.run(REMOVE, keys, [nowMs, spareAlive ? 1 : 0]));
    if (answer[0] !== "removed") return answer;
    const app = String(answer[2]);
    if (app !== "") await this.#connection.call(["SREM", appKeys(app).versions, id]);
    await this.#finish(id);
    return answer;
  }

  /** What was promised a longer life keeps it. */
  async #correctExpiry(id: DeploymentId, expires: string): Promise<void> {
    if (expires === "") await this.#connection.call(["ZREM", GLOBAL.expiry, id]);
    else await this.#connection.call(["ZADD", GLOBAL.expiry, expires, id]);
  }

  /** Announces first, so that edges stop serving before the data is deleted. */
  async #finish(id: DeploymentId): Promise<void> {
    await this.#removals.announce(id);
    const { uses } = deploymentKeys(id);
    const digests = listOf(await this.#connection.call(["SMEMBERS", uses])).map((digest) => String(digest));
    for (const digest of digests) await this.#connection.run(RELEASE_BLOB, blobKeys(digest as Digest), [id]);
    await this.#connection.call(["UNLINK", uses]);
    await this.#connection.call(["ZREM", GLOBAL.index, id]);
    await this.#connection.call(["ZREM", GLOBAL.expiry, id]);
  }
}

function recordOf(reply: Parameters<typeof hashOf>[0]): DeploymentRecord | undefined {
  const fields = hashOf(reply);
  if (fields === undefined) return undefined;
  const text = (field: keyof DeploymentRecord): string => fields[field] ?? "";
  const orNull = (field: keyof DeploymentRecord): string | null => text(field) || null;
  const number = (field: keyof DeploymentRecord): number | null =>
    text(field) === "" ? null : Number(text(field));
  return {
    id: text("id") as DeploymentId,
    name: text("name"),
    language: orNull("language") as Language | null,
    phase: text("phase") as DeploymentPhase,
    message: text("message"),
    errorCode: orNull("errorCode"),
    createdAtMs: Number(text("createdAtMs")),
    expiresAtMs: number("expiresAtMs"),
    tokenDigest: text("tokenDigest") as Digest,
    source: text("source"),
    app: orNull("app"),
    version: number("version"),
  };
}
