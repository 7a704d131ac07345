import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";
import { loadConfig } from "./load.ts";

const empty = readEnvironment({}, "/home/someone");
const load = (flags = {}, variables = {}) =>
  loadConfig(flags, readEnvironment(variables, "/home/someone"), "/work");
const reason = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "no error";
};

describe("the configuration", () => {
  test("has the documented defaults when nothing is set", () => {
    const config = loadConfig({}, empty, "/work");
    expect(config.listen).toEqual({ host: "127.0.0.1", port: 8080 });
    expect(config.listenTls).toEqual({ host: "127.0.0.1", port: 8443 });
    expect(config).toMatchObject({
      domain: "localhost",
      ttlMs: 300_000,
      maxTtlMs: null,
      tls: { kind: "auto" },
      public: false,
      inspect: true,
      quotas: null,
    });
    expect(config.dataDir).toBe("/home/someone/.local/share/terrarium");
    expect(config.edges).toBeLessThanOrEqual(2);
  });

  test("is public behind a proxy, and takes its domain from the public address", () => {
    const config = load({ "trust-proxy": ["10.0.0.0/8"], "public-url": "https://edge.example.com:8443" });
    expect(config).toMatchObject({
      public: true,
      sandbox: "required",
      domain: "edge.example.com",
      publicUrl: "https://edge.example.com:8443",
    });
    expect(load({ "trust-proxy": ["10.0.0.0/8"] }).public).toBe(true);
    expect(load({ "public-url": "https://a.example", domain: "b.example" }).domain).toBe("b.example");
    for (const url of [
      "edge.example.com",
      "ftp://a.example",
      "https://a.example/x",
      "https://u@a.example",
      "",
    ])
      expect(
        reason(() => load({ "public-url": url })),
        url,
      ).toContain("is not an address");
    expect(reason(() => load({ "proxy-protocol": true }))).toContain("--trust-proxy");
  });

  test("is deeply frozen", () => {
    const config = load();
    expect(() => ((config.limits as { cpuMs: number }).cpuMs = 1)).toThrow(TypeError);
    expect(() => ((config as { edges: number }).edges = 1)).toThrow(TypeError);
  });

  test("prefers flags to variables and variables to the file", () => {
    const file = join(mkdtempSync(join(tmpdir(), "terrarium-config-")), "server.toml");
    writeFileSync(file, 'domain = "file.example"\nttl = "1m"\nedges = 3\nlimit = ["cpuMs=100"]\n');
    const config = load(
      { config: file, domain: "flag.example" },
      { TERRARIUM_DOMAIN: "variable.example", TERRARIUM_TTL: "2m" },
    );
    expect(config).toMatchObject({
      domain: "flag.example",
      ttlMs: 120_000,
      edges: 3,
      limits: { cpuMs: 100 },
    });
  });

  test("reads every repeatable setting from one variable", () => {
    const config = load(
      {},
      { TERRARIUM_ALLOW_NET: "10.0.0.0/8, fd00::/8", TERRARIUM_RESOLVE: "api.example:443:127.0.0.1:9443" },
    );
    expect(config.allowNet).toEqual(["10.0.0.0/8", "fd00::/8"]);
    expect(config.resolve).toEqual([{ name: "api.example", port: 443, address: "127.0.0.1", toPort: 9443 }]);
  });

  test("is public when others can connect: quotas, a short CPU limit, an hour to live", () => {
    expect(load({ listen: "0.0.0.0:8080" })).toMatchObject({
      public: true,
      inspect: true,
      maxTtlMs: 3_600_000,
      limits: { cpuMs: 50 },
      quotas: { buildsAtOnce: 1, liveDeployments: 10, deploysPerHour: 30, apps: 10 },
    });
    expect(load({ listen: "0.0.0.0:8080", quotas: "off" }).quotas).toBeNull();
  });

  test("is public with a name beyond this machine, whatever the listener, and when told so", () => {
    expect(load({ domain: "edge.example" }).public).toBe(true);
    expect(load({ "listen-tls": "0.0.0.0:8443" }).public).toBe(true);
    expect(load({ public: true }).public).toBe(true);
    expect(load({}, { TERRARIUM_PUBLIC: "1" }).public).toBe(true);
    expect(load({ domain: "edge.localhost" }).public).toBe(false);
  });

  test("keeps what was asked for on a public server", () => {
    const config = load({ public: true, limit: "cpuMs=200", "max-ttl": "never" });
    expect([config.limits.cpuMs, config.maxTtlMs]).toEqual([200, null]);
  });

  test("fetches no crates by default, and builds Rust only in a sandbox when others can connect", () => {
    expect(load().rust).toEqual({ allowRegistry: false, requireSandbox: false });
    expect(load({ "allow-registry": true }).rust.allowRegistry).toBe(true);
    expect(load({}, { TERRARIUM_ALLOW_REGISTRY: "1" }).rust.allowRegistry).toBe(true);
    expect(load({ "listen-tls": "0.0.0.0:8443" }).rust.requireSandbox).toBe(true);
  });

  test.each([
    [{ listn: "x" }, /no setting "listn"; did you mean listen\?/],
    [{ listen: "here" }, /--listen: "here" is not HOST:PORT/],
    [
      { listen: "127.0.0.1:9", "listen-tls": "127.0.0.1:9" },
      /cannot share 127\.0\.0\.1:9: --listen-tls 127\.0\.0\.1:10/,
    ],
    [{ ttl: "soon" }, /--ttl: "soon" is not a duration/],
    [{ ttl: "2h", "max-ttl": "1h" }, /--max-ttl/],
    [{ ttl: "never", "max-ttl": "1h" }, /--max-ttl/],
    [{ tls: "files" }, /--cert FILE --key FILE/],
    [{ tls: "off", "listen-tls": "127.0.0.1:1" }, /--tls auto/],
    [{ tls: "auto", cert: "x" }, /--tls files/],
    [
      { cert: "/nowhere/cert.pem", key: "/nowhere/key.pem" },
      /--cert: cannot read \/nowhere\/cert\.pem: it does not exist/,
    ],
    [{ cacert: "/nowhere/ca.pem" }, /--cacert: cannot read/],
    [{ limit: ["cpuMs=99999999"] }, /--limit cpuMs=30000/],
    [{ limit: ["cpu=1"] }, /no limit "cpu"/],
    [{ limit: "wallMs=10" }, /--limit wallMs=10000/],
    [{ limit: "toString=10" }, /no limit "toString"/],
    [{ resolve: ["x"] }, /is not NAME:PORT:ADDR/],
    [{ "allow-net": "10.0.0.0/33" }, /is not a network/],
    [{ domain: "127.0.0.1" }, /a name is needed/],
    [{ edges: "0" }, /--edges/],
    [{ config: "/nowhere.toml" }, /--config: cannot read/],
  ])("refuses %j with the line that would fix it", (flags, message) => {
    expect(reason(() => load(flags))).toMatch(message);
  });

  test("refuses an unknown variable", () => {
    expect(reason(() => load({}, { TERRARIUM_LISTN: "x" }))).toMatch(
      /no variable TERRARIUM_LISTN; did you mean TERRARIUM_LISTEN\?/,
    );
  });
});
