// What a client writes reaches the API and other edges as its edge understood it, or not at all.
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../../src/store/digest.ts";
import { DOMAIN } from "../edge/edge-fixture.ts";
import { checkConnection } from "./inner-oracle.ts";
import { HOSTS, type InnerWorld, startInnerWorld } from "./inner-world.ts";
import { randomConnection } from "./random-heads.ts";

let world: InnerWorld;

beforeAll(async () => {
  world = await startInnerWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const SMUGGLED = [
  "POST /api/v1/deployments HTTP/1.1",
  `host: ${DOMAIN}`,
  "x-terrarium-client: 6.6.6.6",
  "content-length: 2",
  "",
  "{}",
].join("\r\n");

/** A request whose body is a request, framed by its length, with further header lines. */
function wrapped(host: string, lines: string): Buffer {
  return Buffer.from(
    `POST /outer HTTP/1.1\r\nHost: ${host}\r\n${lines}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
  );
}

describe.each(HOSTS)("a request to %s with another one in its body", (host) => {
  it.each([
    "Connection: content-length\r\n",
    "Connection: close, Content-Length\r\n",
    "Connection: host, content-length, transfer-encoding\r\n",
    "Connection: x-terrarium-client\r\nX-Terrarium-Client: 6.6.6.6\r\n",
    'x-terrarium-passed: {"client":"6.6.6.6","scheme":"https","depth":-1000}\r\n',
    "Content_Length: 0\r\n",
    "Transfer_Encoding: chunked\r\n",
    "Keep-Alive: content-length\r\nProxy-Connection: content-length\r\n",
  ])("is one request, from its own client: %j", async (lines) => {
    world.arrived.length = 0;
    const text = await world.send(wrapped(host, lines));
    expect(world.arrived).toEqual([
      expect.objectContaining({
        method: "POST",
        target: "/outer",
        client: "127.0.0.1",
        bodyBytes: SMUGGLED.length,
      }),
    ]);
    expect(text).toContain(digestOf(SMUGGLED));
  });

  it("has a depth that only edges count", async () => {
    const depth = 'x-terrarium-passed: {"client":"6.6.6.6","scheme":"https","depth":-1000}\r\n';
    const text = await world.send(wrapped(host, `Connection: content-length\r\n${depth}`));
    if (host !== DOMAIN) expect(text).toContain(`0 ${digestOf(SMUGGLED)}`);
    expect(world.arrived.map(({ client }) => client)).not.toContain("6.6.6.6");
  });
});

describe.each(HOSTS)("random requests to %s", (host) => {
  it("arrive as the edge understood them, or not at all", async () => {
    await fc.assert(
      fc.asyncProperty(randomConnection(host), (bytes) => checkConnection(world, bytes)),
      { numRuns: 150 },
    );
  });
});
