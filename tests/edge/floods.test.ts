// Clients that do not want an answer: slow ones, and floods over HTTP/2 in raw frames. A good client is
// served meanwhile.
import { connect as connectTls, type TLSSocket } from "node:tls";
import { createConnection } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, DOMAIN, echo, respond, sendRaw, startTestEdge, type TestEdge } from "./edge-fixture.ts";

let test: TestEdge;
let ran = 0;

beforeAll(async () => {
  test = await startTestEdge();
  await test.deploy("echo", (request, context) => {
    ran++;
    return echo(request, context);
  });
});
afterAll(() => test[Symbol.asyncDispose]());

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const SETTINGS = frame(4, 0, 0);
/** HPACK literals without indexing: GET / at a deployment over https. */
const HEAD_BLOCK = Buffer.concat([
  Buffer.from([0x82, 0x84, 0x87, 0x01]),
  Buffer.from([`echo.${DOMAIN}`.length]),
  Buffer.from(`echo.${DOMAIN}`),
]);
const headers = (stream: number) => frame(1, 0x5, stream, HEAD_BLOCK);
const reset = (stream: number) => frame(3, 0, stream, Buffer.from([0, 0, 0, 8]));
const streams = (count: number) => Array.from({ length: count }, (_, index) => index * 2 + 1);

async function rawHttp2(): Promise<TLSSocket> {
  const socket = connectTls({
    port: test.edge.httpsPort!,
    host: "127.0.0.1",
    ca: test.ca,
    servername: `echo.${DOMAIN}`,
    ALPNProtocols: ["h2"],
  });
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  socket.write(Buffer.concat([Buffer.from(PREFACE), SETTINGS]));
  socket.resume();
  return socket;
}

/** An edge that hangs up may also reset the connection: both end in "close". */
function closeOf(socket: TLSSocket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** Writes until the edge hangs up or all is written. */
async function flood(socket: TLSSocket, pieces: readonly Buffer[]): Promise<void> {
  const closed = closeOf(socket);
  for (const piece of pieces) {
    if (!socket.writable) return;
    if (!socket.write(piece))
      await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), closed]);
  }
}

describe("floods over HTTP/2", () => {
  const beginAndReset = (count: number) =>
    streams(count).map((stream) => Buffer.concat([headers(stream), reset(stream)]));

  it("by resetting streams end the session, and few of them run", async () => {
    const before = ran;
    const socket = await rawHttp2();
    const closed = closeOf(socket);
    await flood(socket, beginAndReset(20_000));
    await closed;
    expect(ran - before).toBeLessThanOrEqual(256);
    expect((await ask(test, "echo")).status).toBe(200);
  });

  it("by resetting streams end the session after a few hundred, even a few at a time", async () => {
    const resets = beginAndReset(500);
    const socket = await rawHttp2();
    const closed = closeOf(socket);
    for (let start = 0; start < resets.length && socket.writable; start += 20) {
      socket.write(Buffer.concat(resets.slice(start, start + 20)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
  });

  it("by continuing headers without end end the session", async () => {
    const start = frame(1, 0x1, 1, HEAD_BLOCK);
    const more = frame(
      9,
      0,
      1,
      Buffer.concat([Buffer.from([0x00, 0x01, 0x61, 0x7f, 0xff, 0x06]), Buffer.alloc(1000, 0x62)]),
    );
    const before = process.memoryUsage().rss;
    const socket = await rawHttp2();
    const closed = closeOf(socket);
    await flood(socket, [start, ...Array.from({ length: 20_000 }, () => more)]);
    await closed;
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 2 ** 20);
    expect((await ask(test, "echo")).status).toBe(200);
  });

  it.each([
    ["settings", () => frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0xff, 0xff]))],
    ["pings", () => frame(6, 0, 0, Buffer.alloc(8))],
    ["empty data", (stream: number) => frame(0, 0, stream)],
  ])("of %s leave the edge serving, with its memory flat", async (_what, piece) => {
    const before = process.memoryUsage().rss;
    const socket = await rawHttp2();
    await flood(
      socket,
      Array.from({ length: 20_000 }, (_, index) => piece(index * 2 + 1)),
    );
    expect((await ask(test, "echo")).status).toBe(200);
    socket.destroy();
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 2 ** 20);
    expect((await ask(test, "echo")).status).toBe(200);
  });

  it("by more streams than allowed at once run no more than those", async () => {
    const gate = Promise.withResolvers<void>();
    let held = 0;
    await test.deploy("held", async (request, context) => {
      held++;
      await gate.promise;
      return echo(request, context);
    });
    const block = Buffer.concat([
      Buffer.from([0x82, 0x84, 0x87, 0x01]),
      Buffer.from([`held.${DOMAIN}`.length]),
      Buffer.from(`held.${DOMAIN}`),
    ]);
    const socket = await rawHttp2();
    socket.write(Buffer.concat(streams(140).map((stream) => frame(1, 0x5, stream, block))));
    await expect.poll(() => held).toBeGreaterThan(100);
    expect((await ask(test, "echo")).status).toBe(200);
    expect(held).toBeLessThanOrEqual(128);
    socket.destroy();
    gate.resolve();
    await expect.poll(() => test.edge.stats().inFlight).toBe(0);
  });
});

describe("slow clients", () => {
  it("that do not finish their headers are answered 408", { timeout: 30_000 }, async () => {
    const began = performance.now();
    const received = await sendRaw(test.edge.httpPort, `GET / HTTP/1.1\r\nHost: echo.${DOMAIN}\r\nX-Slow:`);
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - began).toBeLessThan(13_000);
  });

  it("that stop in the middle of their body are answered 408", { timeout: 30_000 }, async () => {
    const received = await sendRaw(
      test.edge.httpPort,
      `POST / HTTP/1.1\r\nHost: echo.${DOMAIN}\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhalf`,
    );
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expect(received).toContain("TER_EDGE_TIMEOUT");
  });

  it("by the hundreds leave others served", async () => {
    const slow = Array.from({ length: 500 }, () =>
      createConnection(test.edge.httpPort, "127.0.0.1").on("error", () => undefined),
    );
    await Promise.all(slow.map((socket) => once(socket, "connect")));
    for (const socket of slow) socket.write(`GET / HTTP/1.1\r\nHost: echo.${DOMAIN}\r\nX`);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(test, "echo")));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    for (const socket of slow) socket.destroy();
  });
});

describe("clients that read nothing", () => {
  const BODY = "x".repeat(8000);
  const COUNT = 60;
  beforeAll(() => test.deploy("small", () => respond(200, BODY)));
  const held = () => test.edge.stats().unsentBytes;
  const asking = (stream: number) =>
    frame(1, 0x5, stream, Buffer.concat([HEAD_BLOCK.subarray(0, 4), name(`small.${DOMAIN}`)]));

  it("by an empty window of HTTP/2 hold responses that are counted, however small", async () => {
    const socket = await rawHttp2();
    // SETTINGS_INITIAL_WINDOW_SIZE
    socket.write(frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])));
    socket.write(Buffer.concat(streams(COUNT).map(asking)));
    await expect.poll(held).toBeGreaterThanOrEqual(COUNT * BODY.length);
    socket.write(Buffer.concat(streams(COUNT).map(reset)));
    await expect.poll(held, { timeout: 20_000 }).toBe(0);
    socket.destroy();
  });

  it("by a full socket of HTTP/1.1 hold responses that are counted", async () => {
    const socket = createConnection(test.edge.httpPort, "127.0.0.1").on("error", () => undefined);
    socket.pause();
    const one = `GET / HTTP/1.1\r\nHost: small.${DOMAIN}\r\n\r\n`;
    const more = setInterval(() => socket.write(one.repeat(20)), 1);
    await expect.poll(held, { timeout: 3000 }).toBeGreaterThanOrEqual(BODY.length);
    clearInterval(more);
    socket.destroy();
    await expect.poll(held, { timeout: 20_000 }).toBe(0);
  });
});

/** A literal of HPACK. */
function name(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}
