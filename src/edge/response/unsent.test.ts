import { describe, expect, it } from "vitest";
import { UnsentResponses } from "./unsent.ts";

const MIB = 2 ** 20;
/** A response holds this much beside its body. */
const OVERHEAD = 2048;

function sending(unsent: UnsentResponses, cut: string[], name: string, bytes: number): { destroy(): void } {
  const exchange = { destroy: () => void cut.push(name) };
  unsent.add(exchange, bytes - OVERHEAD);
  return exchange;
}

describe("responses that wait for slow readers", () => {
  it("are cut off oldest first when they hold more than the edge allows", () => {
    const cut: string[] = [];
    const unsent = new UnsentResponses(() => 0, 256 * MIB);
    for (let index = 0; index < 25; index++) sending(unsent, cut, `r${index}`, 10 * MIB);
    expect(cut).toEqual([]);
    sending(unsent, cut, "last", 20 * MIB);
    expect([cut, unsent.bytes]).toEqual([["r0", "r1"], 250 * MIB]);
  });

  it("are cut off when they take too long, but not once they have been sent", () => {
    let now = 0;
    const cut: string[] = [];
    const unsent = new UnsentResponses(() => now, 256 * MIB);
    sending(unsent, cut, "slow", MIB);
    const quick = sending(unsent, cut, "quick", MIB);
    now = 100_000;
    sending(unsent, cut, "later", MIB);
    unsent.remove(quick);
    now = 120_001;
    unsent.sweep();
    expect([cut, unsent.bytes]).toEqual([["slow"], MIB]);
  });
});
