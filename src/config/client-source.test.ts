import { expect, test } from "vitest";
import { sourceOf } from "./client-source.ts";

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:0:0:ffff:ffff:ffff:ffff", "2001:db8:0:0::/64"],
  ["2001:0DB8:0000:0001::", "2001:db8:0:1::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::192.0.2.33", "64:ff9b:0:0::/64"],
  ["1:2:3:4:5:6:7::", "1:2:3:4::/64"],
])("%s counts as %s", (address, source) => {
  expect(sourceOf(address)).toBe(source);
});
