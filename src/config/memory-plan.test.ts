import { totalmem } from "node:os";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "./limits.ts";
import { defaultMemory, memoryPlan, minimumMemory } from "./memory-plan.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

describe("the division of memory", () => {
  test.each([
    [1.1, 1],
    [2, 2],
    [16, 2],
    [64, 32],
  ])("%d GiB and %i edges: the parts stay within the whole", (gib, edges) => {
    const memoryBytes = gib * GIB;
    const plan = memoryPlan({ memoryBytes, edges, limits: DEFAULT_LIMITS });
    const parts = [plan.heldBytes, plan.pooledBytes, plan.discardedBytes, plan.unsentBytes];
    expect(parts.reduce((sum, part) => sum + part)).toBeLessThan(plan.edgeBytes);
    expect(edges * plan.edgeBytes + plan.buildBytes + 256 * MIB).toBeLessThanOrEqual(memoryBytes);
    expect(plan.heldBytes).toBeGreaterThanOrEqual(64 * MIB);
    expect(plan.uploadBytes).toBeGreaterThanOrEqual(DEFAULT_LIMITS.uploadBytes);
  });

  test("the least memory gives each edge room for one waiting program of the default size", () => {
    for (const edges of [1, 2, 8]) {
      const memoryBytes = minimumMemory(edges);
      const plan = memoryPlan({ memoryBytes, edges, limits: DEFAULT_LIMITS });
      expect(plan.heldBytes).toBe(64 * MIB);
      expect(memoryPlan({ memoryBytes: memoryBytes - MIB, edges, limits: DEFAULT_LIMITS })).toMatchObject({
        heldBytes: plan.heldBytes,
        edgeBytes: plan.edgeBytes,
      });
    }
  });

  test("the default is a part of what the machine has", () => {
    expect(defaultMemory()).toBeGreaterThan(0);
    expect(defaultMemory()).toBeLessThan(totalmem());
  });
});
