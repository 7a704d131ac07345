import { describe, expect, it } from "vitest";
import { bareAddress } from "./client-address.ts";

describe("a client's address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:192.0.2.1", "192.0.2.1"],
    ["2001:db8::1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["::1", "::1"],
    [undefined, "0.0.0.0"],
  ])("%s is %s to programs", (address, bare) => {
    expect(bareAddress(address)).toBe(bare);
  });
});
