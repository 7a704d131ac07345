// Owns apps' records: names that last, and which version answers at each.
//
// App, versions and the counter of switches lie in different slots. So a switch makes the version last before
// and after the record names it, and looks once more at the version that it ends: whichever of two switches
// comes last, the current version never expires. A removal notes what has to go beside the app; a sweep
// finishes one that was cut short.
import { TerrariumError } from "../../errors/index.ts";
import { isDnsLabel } from "../dns-label.ts";
import type { AppRecord, AppStore, DeploymentId, DeploymentStore, Digest } from "../types.ts";
import type { Connection } from "./connection.ts";
import { appKeys, deploymentKeys, GLOBAL } from "./keys.ts";
import { answerOf, fieldsOf, hashOf, listOf } from "./replies.ts";
import { ADD_VERSION, CREATE, CREATE_APP, KEEP, REMOVE_APP, SWITCH } from "./scripts.ts";

export class RedisAppStore implements AppStore {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #deployments: () => DeploymentStore;

  constructor(connection: Connection, now: () => number, deployments: () => DeploymentStore) {
    this.#connection = connection;
    this.#now = now;
    this.#deployments = deployments;
  }

  async create(app: AppRecord): Promise<boolean> {
    if (!isDnsLabel(app.name) || !isDnsLabel(app.storeId))
      throw new TerrariumError("TER_INTERNAL", { reason: "an app's name has to be a DNS label" });
    const { record, held } = appKeys(app.name);
    if ((await this.#connection.call(["EXISTS", record])) === 1) return false;
    const store = deploymentKeys(app.storeId);
    const isNew = await this.#connection.run(CREATE, [store.record, store.taken], ["expiresAtMs", ""]);
    if (isNew !== 1) return false;
    await this.#connection.call(["SADD", GLOBAL.apps, app.name]);
    if ((await this.#connection.run(CREATE_APP, [record, held], fieldsOf(app))) === 1) return true;
    await this.#connection.call(["UNLINK", store.record]);
    return false;
  }

  async heldFor(name: string): Promise<Digest | undefined> {
    const hold = hashOf(await this.#connection.call(["HGETALL", appKeys(name).held]));
    if (hold === undefined || Number(hold["untilMs"]) <= this.#now()) return undefined;
    return hold["tokenDigest"] as Digest;
  }

  async get(name: string): Promise<AppRecord | undefined> {
    return recordOf(hashOf(await this.#connection.call(["HGETALL", appKeys(name).record])));
  }

  async list(): Promise<AppRecord[]> {
    const names = listOf(await this.#connection.call(["SMEMBERS", GLOBAL.apps])).map(String);
    const apps = await Promise.all(names.sort().map((name) => this.get(name)));
    return apps.filter((app) => app !== undefined);
  }

  async addVersion(name: string): Promise<number | undefined> {
    const number = await this.#connection.run(ADD_VERSION, [appKeys(name).record], []);
    return number === 0 ? undefined : Number(number);
  }

  async switchTo(name: string, id: DeploymentId, keepMs: number): Promise<AppRecord | undefined> {
    if ((await this.get(name)) === undefined || !(await this.#keep(name, id))) return undefined;
    const [outcome, previous] = await this.#switch(name, id);
    if (outcome === "none") return undefined;
    await this.#keep(name, id);
    if (outcome === "switched" && String(previous) !== "")
      await this.#retire(name, String(previous) as DeploymentId, keepMs);
    return this.get(name);
  }

  async remove(name: string, holdMs: number): Promise<number | undefined> {
    const { record, held, versions, ending } = appKeys(name);
    await this.#connection.call(["SADD", GLOBAL.endingApps, name]);
    const untilMs = this.#now() + holdMs;
    const removed = await this.#connection.run(REMOVE_APP, [record, held, versions, ending], [untilMs]);
    await this.#finish(name);
    return removed === 1 ? this.#nextSwitch() : undefined;
  }

  /** Finishes removals that were cut short. */
  async sweep(): Promise<void> {
    const names = listOf(await this.#connection.call(["SMEMBERS", GLOBAL.endingApps])).map(String);
    for (const name of names) await this.#finish(name);
  }

  /** Numbers grow along each app, also if another switch overtakes this one. */
  async #switch(name: string, id: DeploymentId): Promise<ReturnType<typeof answerOf>> {
    for (;;) {
      const number = await this.#nextSwitch();
      const answer = answerOf(await this.#connection.run(SWITCH, [appKeys(name).record], [id, number]));
      if (answer[0] !== "again") return answer;
    }
  }

  async #nextSwitch(): Promise<number> {
    return Number(await this.#connection.call(["INCR", GLOBAL.switches]));
  }

  /** Makes a live version of the app last. False if it is none. */
  async #keep(name: string, id: DeploymentId): Promise<boolean> {
    return (await this.#connection.run(KEEP, [deploymentKeys(id).record], [this.#now(), name])) === 1;
  }

  async #retire(name: string, id: DeploymentId, keepMs: number): Promise<void> {
    await this.#deployments().update(id, { expiresAtMs: this.#now() + keepMs });
    if ((await this.get(name))?.currentId === id) await this.#keep(name, id);
  }

  async #finish(name: string): Promise<void> {
    const { record, ending } = appKeys(name);
    const ids = listOf(await this.#connection.call(["SMEMBERS", ending])).map(String);
    for (const id of ids) {
      await this.#deployments().remove(id as DeploymentId);
      await this.#connection.call(["SREM", ending, id]);
    }
    if ((await this.#connection.call(["EXISTS", record])) === 0)
      await this.#connection.call(["SREM", GLOBAL.apps, name]);
    await this.#connection.call(["SREM", GLOBAL.endingApps, name]);
  }
}

function recordOf(fields: Record<string, string> | undefined): AppRecord | undefined {
  if (fields === undefined) return undefined;
  const text = (field: keyof AppRecord): string => fields[field] ?? "";
  return {
    name: text("name"),
    storeId: text("storeId") as DeploymentId,
    tokenDigest: text("tokenDigest") as Digest,
    source: text("source"),
    createdAtMs: Number(text("createdAtMs")),
    currentId: (text("currentId") || null) as DeploymentId | null,
    previousId: (text("previousId") || null) as DeploymentId | null,
    lastVersion: Number(text("lastVersion")),
    switchNumber: Number(text("switchNumber")),
  };
}
