import { expect, test } from "vitest";
import { readMessage, TYPE } from "../dns/message.ts";
import { encodeQuery } from "../dns/query.ts";
import { addressesText } from "../dns/format.ts";
import { addressRecord, respond } from "../testing/name-server.ts";
import { OUT, OUT2, openProbe } from "../testing/probe.ts";
import { RunTrace } from "./run-trace.ts";

test("a DNS call is recorded with its name and the addresses found, or why there were none", async () => {
  const trace = new RunTrace();
  const addresses = (_: string, ipv6: boolean) =>
    ipv6
      ? Promise.reject(new Error("the name has no such address"))
      : Promise.resolve([Uint8Array.of(192, 0, 2, 1), Uint8Array.of(192, 0, 2, 2)]);
  const probe = await openProbe({
    trace,
    resolver: { raw: () => Promise.reject(new Error("unused")), addresses },
  });
  for (const ipv6 of [0, 1])
    await probe.call("hostcall_dns_query_ip", OUT, OUT2, probe.put("a.test"), 6, ipv6);
  expect(trace.calls.slice(-2)).toMatchObject([
    {
      detail: "a.test",
      result: "1: at least one address, of 4 or 16 bytes each",
      note: "192.0.2.1, 192.0.2.2",
    },
    { detail: "a.test", result: "0: failed; the list is null", note: "the name has no such address" },
  ]);
});

test("the trace describes a DNS message however the query ended", async () => {
  const trace = new RunTrace();
  const raw = (query: Uint8Array) => {
    if (readMessage(query).questions[0]?.type === TYPE.aaaa) return Promise.reject(new Error("timed out"));
    return Promise.resolve(
      new Uint8Array(respond(Buffer.from(query), [addressRecord("a.test", [192, 0, 2, 1])])),
    );
  };
  const probe = await openProbe({
    trace,
    resolver: { raw, addresses: () => Promise.reject(new Error("unused")) },
  });
  for (const type of [TYPE.a, TYPE.aaaa]) {
    const query = encodeQuery("a.test", type);
    await probe.call("hostcall_dns_query_raw", OUT, OUT2, probe.put(query), query.length);
  }
  expect(trace.calls.slice(-2).map(({ note }) => note)).toEqual([
    "a.test A: 192.0.2.1",
    "a.test AAAA: timed out",
  ]);
});

test(
  "a subrequest is recorded with status and size, or why " +
    "it failed, and what one call says stays with it",
  async () => {
    const trace = new RunTrace();
    const send = ({ url }: { readonly url: URL }) =>
      url.pathname === "/"
        ? Promise.resolve({ status: 204, headers: [], body: new Uint8Array(7) })
        : Promise.reject(new Error("refused"));
    const probe = await openProbe({ trace, outbound: { send } });
    for (const url of ["http://a.test/", "http://a.test/x"]) {
      const request = await probe.call(
        "hostcall_req_create",
        probe.put("GET"),
        3,
        probe.put(url),
        url.length,
      );
      await probe.call("hostcall_req_send", request as number);
    }
    expect(trace.calls.slice(-4).map(({ note }) => note)).toEqual(["", "204, 7 bytes", "", "refused"]);
  },
);

test("long lists of addresses end in how many more there are", () => {
  expect(addressesText(Array.from({ length: 6 }, (_, index) => Uint8Array.of(192, 0, 2, index)))).toBe(
    "192.0.2.0, 192.0.2.1, 192.0.2.2, 192.0.2.3, 2 more",
  );
});
