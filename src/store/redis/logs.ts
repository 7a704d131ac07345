// Owns deployments' logs: one bounded stream each, whose entries are numbered by offset.
import { cutEventText, EVENT_BYTES } from "../log-size.ts";
import type { DeploymentId, LogEvent, LogStore, StoredLogEvent } from "../types.ts";
import type { Connection } from "./connection.ts";
import { deploymentKeys } from "./keys.ts";
import { listOf } from "./replies.ts";
import { APPEND_LOG, READ_LOG } from "./scripts.ts";

/** Events read in one script, so that none holds the server for long. */
const READ_STEP = 1000;
/** Events written in one script, for the same reason. */
const WRITE_STEP = 500;

export class RedisLogStore implements LogStore {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #maxBytes: number;

  /** `maxBytes` limits the log of one deployment. */
  constructor(connection: Connection, now: () => number, maxBytes: number) {
    this.#connection = connection;
    this.#now = now;
    this.#maxBytes = maxBytes;
  }

  async append(id: DeploymentId, events: readonly LogEvent[]): Promise<void> {
    const { record, log, tally } = deploymentKeys(id);
    for (let from = 0; from < events.length; from += WRITE_STEP) {
      const written = events.slice(from, from + WRITE_STEP).flatMap((event) => this.#entryOf(event));
      await this.#connection.run(APPEND_LOG, [record, log, tally], [this.#now(), this.#maxBytes, ...written]);
    }
  }

  async read(
    id: DeploymentId,
    options: { readonly after?: number; readonly sinceMs?: number; readonly limit: number },
  ): Promise<StoredLogEvent[]> {
    const events: StoredLogEvent[] = [];
    let after = options.after ?? 0;
    while (events.length < options.limit) {
      const step = await this.#readStep(id, after, Math.min(READ_STEP, options.limit - events.length));
      const sinceMs = options.sinceMs ?? Number.NEGATIVE_INFINITY;
      events.push(...step.filter(({ atMs }) => atMs >= sinceMs));
      const last = step.at(-1);
      if (last === undefined) break;
      after = last.offset;
    }
    return events;
  }

  async #readStep(id: DeploymentId, after: number, count: number): Promise<StoredLogEvent[]> {
    const { record, log } = deploymentKeys(id);
    const args = [this.#now(), `${after + 1}-0`, count];
    const found = listOf(await this.#connection.run(READ_LOG, [record, log], args));
    return Array.from({ length: found.length / 2 }, (_, index) => ({
      offset: Number(found[2 * index]),
      ...(JSON.parse(String(found[2 * index + 1])) as LogEvent),
    }));
  }

  /** Size and text of an entry. */
  #entryOf({ atMs, source, request, text }: LogEvent): [size: number, entry: string] {
    const besideText = EVENT_BYTES + Buffer.byteLength(request ?? "");
    const kept = cutEventText(text, this.#maxBytes - besideText);
    return [besideText + Buffer.byteLength(kept), JSON.stringify({ atMs, source, request, text: kept })];
  }
}
