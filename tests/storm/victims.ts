// What a storm does to a platform: kills an edge, the supervisor, its successor while that starts, all of
// them at once; freezes an edge or the supervisor. The same seed chooses the same.
import { setTimeout as pause } from "node:timers/promises";
import type { Platform } from "../e2e/platform.ts";
import { processTree, signal } from "../e2e/process-tree.ts";

export interface StormCounts {
  readonly killed: number;
  readonly frozen: number;
}

const LONGEST_PAUSE_MS = 1500;
/** The storm does not wait for an API that does not answer. */
const LONGEST_ANSWER_MS = 3000;
/** Within this a supervisor starts. */
const START_MS = 400;

interface ServerView {
  readonly edges: readonly { readonly pid: number | null }[];
}

/** Each with its share of all events; the shares add up to 1. */
const EVENTS: readonly (readonly [share: number, act: (storm: Storm) => Promise<void> | void])[] = [
  [0.35, async (storm) => storm.kill(storm.oneOf(await storm.edges()))],
  [0.2, (storm) => storm.kill(storm.supervisor())],
  [0.1, (storm) => storm.killTwice()],
  [0.15, (storm) => storm.killAll()],
  [0.12, async (storm) => storm.freeze(storm.oneOf(await storm.edges()))],
  [0.08, (storm) => storm.freeze(storm.supervisor())],
];

export class Storm {
  readonly #seen = { killed: 0, frozen: 0 };
  readonly #platform: () => Platform;
  #state: number;

  constructor(platform: () => Platform, seed: number) {
    this.#platform = platform;
    this.#state = seed;
  }

  /** What it has done since the last look. */
  takeCounts(): StormCounts {
    const counts = { ...this.#seen };
    Object.assign(this.#seen, { killed: 0, frozen: 0 });
    return counts;
  }

  async rage(durationMs: number): Promise<void> {
    const endMs = performance.now() + durationMs;
    while (performance.now() < endMs) {
      await pause(this.random() * LONGEST_PAUSE_MS);
      let left = this.random();
      const event = EVENTS.find(([share]) => (left -= share) < 0) ?? EVENTS[0];
      await event?.[1](this);
    }
  }

  async edges(): Promise<number[]> {
    const view = await Promise.race([
      this.#platform()
        .api<ServerView>("/api/v1/server")
        .catch(() => undefined),
      pause(LONGEST_ANSWER_MS, undefined),
    ]);
    return view?.edges?.flatMap(({ pid }) => pid ?? []) ?? [];
  }

  /** The launcher's child, also while it starts. */
  supervisor(): number | undefined {
    return processTree(this.#platform().launcher.pid ?? 0)[1];
  }

  /** The supervisor, and its successor in the midst of its start. */
  async killTwice(): Promise<void> {
    this.kill(this.supervisor());
    await pause(this.random() * START_MS);
    this.kill(this.supervisor());
  }

  async killAll(): Promise<void> {
    for (const pid of [...(await this.edges()), this.supervisor()]) this.kill(pid);
  }

  kill(pid: number | undefined): void {
    if (pid !== undefined && signal(pid, "SIGKILL")) this.#seen.killed += 1;
  }

  freeze(pid: number | undefined): void {
    if (pid !== undefined && signal(pid, "SIGSTOP")) this.#seen.frozen += 1;
  }

  oneOf(pids: readonly number[]): number | undefined {
    return pids[Math.floor(this.random() * pids.length)];
  }

  /** Numerical Recipes' linear congruential generator. */
  random(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }
}
