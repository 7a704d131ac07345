// Whoever's fresh state is expensive pays for it. `scripts/fuzz-instance-cost.ts` searches for more.
import { expect, it } from "vitest";
import { seededRandom } from "../wasm/testing/random-modules.ts";
import { type InstanceParts, isCharged, randomInstanceParts, settledCost } from "./testing/instance-cost.ts";

const SMALL: InstanceParts = {
  pages: 1,
  startPages: 0,
  startWrites: false,
  runPages: 0,
  tables: 1,
  tableEntries: 1,
  segments: 0,
  segmentEntries: 0,
  exports: 0,
  globals: 0,
  dataBytes: 0,
  writesTable: false,
};

it.each([
  ["a start function that grows to 64 MiB", { ...SMALL, startPages: 1000, startWrites: true }],
  ["exports and table entries", { ...SMALL, exports: 9000, tableEntries: 9000, writesTable: true }],
])("%s are charged to the request", async (_, parts) => {
  const cost = await settledCost(parts, 40);
  expect(cost.usedMs).toBeLessThanOrEqual(2 + 1.5 * cost.chargedMs);
});

it("16 MiB to wipe after each request are charged to it", async () => {
  const parts = { ...SMALL, pages: 250, startWrites: true };
  const cost = await settledCost(parts, 100, ({ chargedMs, usedMs }) => chargedMs > usedMs / 4);
  expect(cost.strategy).toBe("reused-instance");
  expect(cost.chargedMs).toBeGreaterThan(cost.usedMs / 4);
});

it("random expensive programs are charged", async () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const parts = randomInstanceParts(seededRandom(seed));
    const cost = await settledCost(parts, 20);
    expect(isCharged(cost), `seed ${seed}: ${JSON.stringify(cost)}`).toBe(true);
  }
});

it("a memory that initialization made large is not kept and written for each request", async () => {
  const { strategy } = await settledCost({ ...SMALL, startPages: 1000 }, 2);
  expect(strategy).toBe("fresh-memory");
});
