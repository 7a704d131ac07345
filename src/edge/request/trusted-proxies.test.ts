import { describe, expect, it } from "vitest";
import { TrustedProxies } from "./trusted-proxies.ts";

const PROXIES = new TrustedProxies(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);
const CONNECTION = { scheme: "http", clientAddress: "10.0.0.1", isLocal: true, depth: 0 } as const;

function read(headers: Readonly<Record<string, string>>, clientAddress = "10.0.0.1") {
  const { origin, authority } = PROXIES.read({ ...CONNECTION, clientAddress }, (name) => headers[name]);
  return [origin.clientAddress, origin.scheme, authority];
}

describe("trusted proxies", () => {
  it.each([
    ["10.9.9.9", true],
    ["11.0.0.1", false],
    ["127.0.0.1", true],
    ["127.0.0.2", false],
    ["fd00::1", true],
    ["fe80::1", false],
    ["", false],
    ["localhost", false],
  ])("know %s: %s", (address, isKnown) => expect(PROXIES.has(address)).toBe(isKnown));

  it("make nobody local", () => {
    for (const headers of [{}, { "x-forwarded-for": "127.0.0.1" }, { forwarded: "for=127.0.0.1" }] as const) {
      const headerOf = (name: string) => (headers as Record<string, string>)[name];
      expect(PROXIES.read(CONNECTION, headerOf).origin.isLocal).toBe(false);
    }
  });

  it.each([
    ["nothing said", {}, ["10.0.0.1", "http", null]],
    ["one hop", { "x-forwarded-for": "192.0.2.7" }, ["192.0.2.7", "http", null]],
    [
      "what the client wrote itself",
      { "x-forwarded-for": "1.1.1.1, 192.0.2.7" },
      ["192.0.2.7", "http", null],
    ],
    ["two proxies", { "x-forwarded-for": "192.0.2.7, 10.0.0.2" }, ["192.0.2.7", "http", null]],
    ["a client on a trusted network", { "x-forwarded-for": "10.0.0.9" }, ["10.0.0.9", "http", null]],
    ["ports", { "x-forwarded-for": "192.0.2.7:4711" }, ["192.0.2.7", "http", null]],
    ["IPv6 with port", { "x-forwarded-for": "[2001:db8::7]:4711" }, ["2001:db8::7", "http", null]],
    ["IPv6", { "x-forwarded-for": "2001:db8::7" }, ["2001:db8::7", "http", null]],
    ["mapped IPv4", { "x-forwarded-for": "::ffff:192.0.2.7" }, ["192.0.2.7", "http", null]],
    ["no address", { "x-forwarded-for": "unknown" }, ["10.0.0.1", "http", null]],
    ["garbage before", { "x-forwarded-for": "'; drop, 192.0.2.7" }, ["192.0.2.7", "http", null]],
    [
      "a scheme",
      { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https" },
      ["192.0.2.7", "https", null],
    ],
    ["a scheme alone", { "x-forwarded-proto": "HTTPS" }, ["10.0.0.1", "https", null]],
    ["no such scheme", { "x-forwarded-proto": "gopher" }, ["10.0.0.1", "http", null]],
    [
      "the client's scheme of two",
      { "x-forwarded-for": "192.0.2.7, 10.0.0.2", "x-forwarded-proto": "https, http" },
      ["192.0.2.7", "https", null],
    ],
    [
      "a scheme that the client wrote before the proxy's",
      { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "http, https" },
      ["192.0.2.7", "https", null],
    ],
    ["a name", { "x-forwarded-host": "a.example:444" }, ["10.0.0.1", "http", "a.example:444"]],
    [
      "the standard header",
      { forwarded: 'for="[2001:db8::7]:1";proto=https;host="a.example"' },
      ["2001:db8::7", "https", "a.example"],
    ],
    [
      "the standard header with two hops",
      { forwarded: "for=192.0.2.7;proto=https, for=10.0.0.2;proto=http" },
      ["192.0.2.7", "https", null],
    ],
    [
      "both, which agree",
      { forwarded: "for=192.0.2.7", "x-forwarded-for": "192.0.2.7" },
      ["192.0.2.7", "http", null],
    ],
  ] as const)("read %s", (_what, headers, result) => expect(read(headers)).toEqual(result));

  it("ignore what stands before an address that they do not trust", () => {
    expect(read({ "x-forwarded-for": "10.0.0.3, 192.0.2.7, 10.0.0.2" })[0]).toBe("192.0.2.7");
    expect(read({ "x-forwarded-for": "10.0.0.3" }, "192.0.2.7")[0]).toBe("192.0.2.7");
  });

  it.each([
    ["kinds that differ", { forwarded: "for=1.1.1.1", "x-forwarded-for": "192.0.2.7" }],
    ["no syntax", { forwarded: "for==;" }],
    ["an open quote", { forwarded: `for="${"\\\\".repeat(1000)}` }],
    ["no name", { "x-forwarded-host": "a b" }],
    ["a name with a path", { forwarded: 'host="a.example/x"' }],
  ])("refuse %s", (_what, headers) => expect(() => read(headers as never)).toThrow("malformed"));

  it("go back a bounded number of hops", () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    expect(read({ "x-forwarded-for": chain.join(",") })[0]).toBe(chain[chain.length - 16]);
  });
});
