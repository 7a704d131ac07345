// No program does much between two reads of the kill word. Work is counted here rather than timed;
// `scripts/fuzz-cost-model.ts` times it.
import { describe, expect, it } from "vitest";
import { chain, randomCostProgram, runUnchecked } from "./testing/cost-programs.ts";
import { seededRandom } from "./testing/random-modules.ts";

/** A unit weighs at least 24; a stretch weighs at most 1,000,000 and a recursion 3,072,000. */
const MOST_UNITS = 4_072_000 / 24;

describe("work after the kill word was set is bounded", () => {
  it("in a chain of calls that nothing follows", () => {
    const text = chain(2000, (next) => `(call $w) (call $w) ${next} unreachable`, 9000);
    expect(runUnchecked(text, 100)?.units).toBeLessThan(MOST_UNITS);
  });

  it("on the way back from a chain of checked calls", () => {
    const text = chain(2000, (next) => `(call $w) ${next} (call $v)`, 12_000).replace(
      "(func $w ",
      `(func $v ${"(call $unit)".repeat(9000)}) (func $w `,
    );
    expect(runUnchecked(text, 12_000 * 2000 + 100)?.units).toBeLessThan(MOST_UNITS);
  });

  it("in a function that is nothing but straight code", () => {
    const text = chain(1, (next) => `${"(call $w)".repeat(3000)} ${next}`, 1000);
    expect(runUnchecked(text, 10)?.units).toBeLessThan(MOST_UNITS);
  });

  it("in random programs", () => {
    const ran = Array.from({ length: 60 }, (_, seed) => {
      const random = seededRandom(seed);
      const { text } = randomCostProgram(random);
      return runUnchecked(text, 1 + Math.floor(random() ** 3 * 5000))?.units ?? -1;
    });
    expect(Math.max(...ran)).toBeLessThan(MOST_UNITS);
    expect(ran.filter((units) => units >= 0).length).toBeGreaterThan(20);
  });
});
