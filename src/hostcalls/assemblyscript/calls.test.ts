import { describe, expect, it } from "vitest";
import { faultOf, openProbe } from "../testing/probe.ts";

describe("what plain asc imports", () => {
  it("shows a null message, and no place without a file", async () => {
    const probe = await openProbe();
    expect(await faultOf(probe.call("abort", 0, 0, 7, 9))).toMatchObject({
      code: "TER_GUEST_PANIC",
      details: { message: "abort" },
    });
  });

  it.each([1, 3, 0x7fff_0000, -2])("refuses a string at %d, which is not in memory", async (address) => {
    const probe = await openProbe();
    for (const call of ["console.log", "abort"])
      expect(await faultOf(probe.call(call, address, 0, 0, 0))).toMatchObject({
        code: "TER_GUEST_BAD_CALL",
      });
  });

  it("gives a seed below 2^53, other ones each time", async () => {
    const probe = await openProbe();
    const [one, other] = [Number(await probe.call("seed")), Number(await probe.call("seed"))];
    expect(Number.isSafeInteger(one) && one >= 0 && one !== other).toBe(true);
  });
});
