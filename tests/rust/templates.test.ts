// The Rust templates on a running platform, end to end: their upstreams are local, named as the templates
// name them.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addressRecord,
  type NameServer,
  respond,
  startNameServer,
} from "../../src/hostcalls/testing/name-server.ts";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./toolchain.ts";

const TEMPLATES = join(import.meta.dirname, "../../templates");
const REPOSITORIES = {
  data: {
    repositoryOwner: {
      __typename: "User",
      login: "ada",
      url: "https://example.test/ada",
      repositories: {
        totalCount: 2,
        nodes: [
          {
            name: "engine",
            description: "<notes>",
            url: "https://example.test/ada/engine",
            stargazerCount: 7,
          },
          null,
        ],
      },
    },
  },
};

describe.skipIf(!isRustTested)("a Rust template", () => {
  const data = temporaryFolder();
  const projects = temporaryFolder();
  const servers: Server[] = [];
  let names: NameServer;
  let platform: Platform;
  beforeAll(async () => {
    await prepareRust();
    names = await startNameServer((query, { name }) =>
      name === "doh.test"
        ? respond(query, [addressRecord(name, [127, 0, 0, 1])])
        : respond(query, [], 0x8183),
    );
    platform = await Platform.start(data.path, [
      "--edges",
      "1",
      "--log-level",
      "silent",
      "--allow-net",
      "127.0.0.0/8",
      "--dns",
      `127.0.0.1:${names.port}`,
    ]);
  }, PREPARATION_MS);
  afterAll(async () => {
    await platform?.stop();
    await names?.close();
    for (const server of servers) server.close();
    for (const folder of [data, projects]) folder[Symbol.dispose]();
  });

  const origin = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  /** Deploys a template with other values for the constants in its `src/lib.rs`. */
  const deploy = async (name: string, constants: Readonly<Record<string, string>> = {}): Promise<string> => {
    const folder = join(projects.path, name);
    cpSync(join(TEMPLATES, name), folder, { recursive: true });
    const file = join(folder, "src/lib.rs");
    const source = Object.entries(constants).reduce(
      (changed, [before, after]) => {
        expect(changed).toContain(`"${before}"`);
        return changed.replaceAll(`"${before}"`, `"${after}"`);
      },
      readFileSync(file, "utf8"),
    );
    writeFileSync(file, source);
    return (await platform.deploy(folder, ["--ttl", "10m"])).id;
  };

  it("greets (empty-rust)", async () => {
    expect((await platform.ask(await deploy("empty-rust"), "/")).text).toBe("Hello from Rust\n");
  });

  it("asks two services at once and shows both, or says which failed (weather)", async () => {
    const asked: string[] = [];
    // The first to be asked is answered only once the other was asked too.
    let both: () => void = () => {};
    const two = new Promise<void>((resolve) => (both = resolve));
    const answering =
      (answer: object): RequestListener =>
      (request, response) => {
        asked.push(request.url ?? "");
        if (asked.length === 2) both();
        void two.then(() => response.end(JSON.stringify(answer)));
      };
    const weather = await origin(
      answering({
        current: {
          time: "2026-01-01T00:00",
          temperature_2m: 21.5,
          relative_humidity_2m: 40,
          wind_speed_10m: 9,
          weather_code: 3,
        },
      }),
    );
    const air = await origin(answering({ current: { european_aqi: 17, pm2_5: 4.5 } }));
    const id = await deploy("weather", {
      "https://api.open-meteo.com": weather,
      "https://air-quality-api.open-meteo.com": air,
    });
    const page = await platform.ask(id, "/?city=Montr%C3%A9al");
    expect(page.status).toBe(200);
    for (const shown of ["Montréal", "21.5 °C", "Overcast", "index 17", "4.5 µg/m³"])
      expect(page.text).toContain(shown);
    expect(asked.toSorted().map((url) => new URL(url, weather).pathname)).toEqual([
      "/v1/air-quality",
      "/v1/forecast",
    ]);
    expect((await platform.ask(id, "/?city=Atlantis")).status).toBe(404);
    const broken = await origin((_, response) => response.writeHead(503).end());
    const id2 = await deploy("weather", {
      "https://api.open-meteo.com": weather,
      "https://air-quality-api.open-meteo.com": broken,
    });
    const half = await platform.ask(id2, "/");
    expect(half.text).toContain("21.5 °C");
    expect(half.text).toContain("No air quality: the service answered 503");
  });

  it("sends a typed query and renders what comes back (github-graphql)", async () => {
    const sent: { authorization: string | undefined; body: { query: string; variables: object } }[] = [];
    const api = await origin(async (request, response) => {
      const body = JSON.parse(await text(request)) as { query: string; variables: { login: string } };
      sent.push({ authorization: request.headers.authorization, body });
      response.end(
        JSON.stringify(body.variables.login === "ada" ? REPOSITORIES : { data: { repositoryOwner: null } }),
      );
    });
    const id = await deploy("github-graphql", {
      "https://api.github.com/graphql": api,
      "put-your-token-here": "token-of-a-test",
    });
    const page = await platform.ask(id, "/ada");
    expect(page.text).toContain('<a href="https://example.test/ada/engine">engine</a>');
    expect(page.text).toContain("&lt;notes&gt;");
    expect(sent[0]).toMatchObject({
      authorization: "bearer token-of-a-test",
      body: { variables: { login: "ada", first: 12 } },
    });
    expect(sent[0]!.body.query).toContain("orderBy: { field: STARGAZERS, direction: DESC }");
    expect((await platform.ask(id, "/nobody")).status).toBe(404);
  });

  it("resolves names for a real client (dns-over-https)", async () => {
    const target = await origin((request, response) => response.end(`reached as ${request.headers.host}`));
    const id = await deploy("dns-over-https");
    const { port } = new URL(target);
    const { httpsPort } = platform.ready;
    const args = [
      "--silent",
      "--show-error",
      "--doh-insecure",
      "--doh-url",
      `https://${id}.localhost:${httpsPort}/dns-query`,
      `http://doh.test:${port}/`,
    ];
    const { stdout } = await promisify(execFile)("curl", args);
    expect(stdout).toBe(`reached as doh.test:${port}`);
    const query = Buffer.from([
      0,
      0,
      1,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      3,
      ...Buffer.from("doh"),
      4,
      ...Buffer.from("test"),
      0,
      0,
      1,
      0,
      1,
    ]);
    const got = await platform.ask(id, `/dns-query?dns=${query.toString("base64url")}`);
    expect([got.status, got.headers["content-type"], [...got.body.subarray(-4)]]).toEqual([
      200,
      "application/dns-message",
      [127, 0, 0, 1],
    ]);
    expect(got.headers["cache-control"]).toMatch(/^max-age=\d+$/);
    const posted = await platform.ask(id, "/dns-query", {
      method: "POST",
      body: query,
      headers: { "content-type": "application/dns-message" },
    });
    expect(posted.body.equals(got.body)).toBe(true);
    expect((await platform.ask(id, "/dns-query", { method: "POST", body: query })).status).toBe(415);
    expect((await platform.ask(id, "/dns-query?dns=!")).status).toBe(400);
    expect((await platform.ask(id, "/dns-query", { method: "PUT" })).status).toBe(405);
  });

  it("takes the fastest mirror, passes over one that fails, and keeps the score (mirror-race)", async () => {
    const slow = await origin(() => {});
    const quick = await origin((request, response) => response.end(`quick ${request.url}`));
    const id = await deploy("mirror-race", {
      "https://mirror-a.example": slow,
      "https://mirror-b.example": "http://127.0.0.1:1",
      "https://mirror-c.example": quick,
    });
    const first = await platform.ask(id, "/file?x=1");
    expect([first.text, first.headers["x-race"]]).toEqual([
      "quick /file?x=1",
      expect.stringContaining("winner=2"),
    ]);
    expect(first.headers["x-race"]).toContain("0=running");
    await platform.ask(id, "/again");
    expect((await platform.ask(id, "/score")).text).toBe(`${slow} 0\nhttp://127.0.0.1:1 0\n${quick} 2\n`);
  });
});
