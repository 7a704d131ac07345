import { expect, it } from "vitest";
import { openProbe, OUT, OUT2 } from "./testing/probe.ts";

it("smoke", async () => {
  const probe = await openProbe();
  await probe.call("hostcall_req_get_method", OUT, OUT2, 0);
  expect(probe.given(OUT, OUT2).text).toBe("GET");
  await probe.call("hostcall_req_get_headers", OUT, OUT2, 0);
  expect(probe.givenList(OUT, OUT2).map((g) => g.text)).toEqual(["host", "x-tag", "accept", "x-empty"]);
  expect(await probe.call("hostcall_req_send", 0)).toBe(-1);
});
