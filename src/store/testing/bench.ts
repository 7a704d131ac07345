// Owns the store under test: creates it, opens it twice, and closes it.
import { afterAll, beforeAll } from "vitest";
import type { Store } from "../types.ts";
import type { StoreLocation } from "./fixtures.ts";

/** One store that can be opened several times, as by several processes. */
interface StoreUnderTest {
  readonly location: StoreLocation;
  open(options: { readonly now: () => number }): Promise<Store>;
  /** Ends it and removes what it keeps. */
  destroy(): Promise<void>;
}

export type MakeStore = () => Promise<StoreUnderTest>;

/** A clock that stands still until set. */
class Clock {
  nowMs = 1_800_000_000_000;
  readonly now = (): number => this.nowMs;
}

/** Two openings of one store, and the clock of both. */
export interface Bench {
  readonly clock: Clock;
  readonly location: StoreLocation;
  readonly store: Store;
  readonly other: Store;
}

/** Opens the store twice before the tests of a suite, and closes it afterwards. */
export function useStore(make: MakeStore): Bench {
  const bench: { clock: Clock; location?: StoreLocation; store?: Store; other?: Store } = {
    clock: new Clock(),
  };
  let underTest: StoreUnderTest | undefined;
  beforeAll(async () => {
    underTest = await make();
    bench.location = underTest.location;
    bench.store = await underTest.open(bench.clock);
    bench.other = await underTest.open(bench.clock);
  });
  afterAll(async () => {
    await bench.store?.close();
    await bench.other?.close();
    await underTest?.destroy();
  });
  return bench as Bench;
}
