// Connections without end: from everywhere on an edge with few file descriptors, and from one source.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { connect as connectHttp2 } from "node:http2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { answering, archiveOf } from "../e2e/programs.ts";

/** As a service manager may set it. */
const DESCRIPTORS = 800;
const DOMAIN = "edge.example";

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** A connection that has asked once: what came, and whether it was closed. */
interface Held {
  readonly socket: Socket;
  text: string;
  isClosed: boolean;
}

/** Asks once, and keeps the connection. Resolves when something has come, or the connection is closed. */
async function hold(platform: Platform, host: string, localAddress: string): Promise<Held> {
  const socket = connect({ host: "127.0.0.1", port: platform.ready.httpPort, localAddress });
  const held: Held = { socket, text: "", isClosed: false };
  socket.setEncoding("latin1").on("error", () => undefined);
  socket.on("close", () => (held.isClosed = true));
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (text: string) => {
      held.text += text;
      resolve();
    });
    socket.on("close", resolve);
  });
  socket.write(`GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  await answered;
  return held;
}

const statusOf = ({ text }: Held) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);

describe("an edge with few file descriptors", () => {
  let platform: Platform;
  let id: string;
  beforeAll(async () => {
    platform = await Platform.start(join(folder.path, "few"), ["--edges", "1"]);
    const { edges } = await platform.api<{ edges: readonly { pid: number }[] }>("/api/v1/server");
    // The edge reads its limit when it starts: this one is replaced.
    for (const pid of [platform.ready.pid, edges[0]!.pid])
      spawnSync("prlimit", [`--nofile=${DESCRIPTORS}:${DESCRIPTORS}`, "--pid", String(pid)]);
    process.kill(edges[0]!.pid, "SIGKILL");
    const answers = () =>
      platform.ask("", "/api/v1/server").then(
        ({ text }) => text,
        () => "",
      );
    while (!/"pid":\d+,"listening":true/.test(await answers()));
    const project = archiveOf(answering("here"));
    const deployed = await platform.ask("", "/api/v1/deployments", {
      method: "POST",
      headers: { "content-type": "application/gzip" },
      body: project,
    });
    ({ id } = (JSON.parse(deployed.text) as { deployment: { id: string } }).deployment);
  });
  afterAll(() => platform.stop());

  test("closes idle connections for new ones, and never resets one without a word", async () => {
    const held: Held[] = [];
    for (let count = 0; count < DESCRIPTORS; count++)
      held.push(await hold(platform, `${id}.localhost`, `127.0.1.${count % 250}`));
    expect(new Set(held.map(statusOf))).toEqual(new Set([200]));
    expect(held.filter(({ isClosed }) => isClosed).length).toBeGreaterThan(DESCRIPTORS / 4);
    for (const { socket } of held) socket.destroy();
    expect((await platform.ask(id, "/")).text).toBe("here");
  });
});

describe("a source of a public server", () => {
  let platform: Platform;
  let id: string;
  beforeAll(async () => {
    platform = await Platform.start(join(folder.path, "shared"), ["--edges", "1", "--domain", DOMAIN]);
    const deployed = await platform.ask("", "/api/v1/deployments", {
      method: "POST",
      headers: { host: DOMAIN, "content-type": "application/gzip" },
      body: archiveOf(answering("here")),
    });
    ({ id } = (JSON.parse(deployed.text) as { deployment: { id: string } }).deployment);
  });
  afterAll(() => platform.stop());

  test("has a share of the connections, and is told when it has them all; others are served", async () => {
    const held: Held[] = [];
    let refused: Held | undefined;
    while (refused === undefined && held.length < 20_000) {
      const one = await hold(platform, `${id}.${DOMAIN}`, "127.0.2.1");
      if (statusOf(one) === 503) refused = one;
      else held.push(one);
    }
    expect(refused?.text).toContain("retry-after: 1");
    expect(refused?.text).toContain("TER_EDGE_BUSY");
    expect(statusOf(await hold(platform, `${id}.${DOMAIN}`, "127.0.2.2"))).toBe(200);
    const tls = { host: "127.0.0.1", port: platform.ready.httpsPort ?? 0, rejectUnauthorized: false };
    const session = connectHttp2(`https://${id}.${DOMAIN}`, {
      createConnection: () =>
        connectTls({ ...tls, ALPNProtocols: ["h2"], localAddress: "127.0.2.1" } as never),
    });
    session.on("error", () => undefined);
    const [code] = (await once(session, "goaway")) as [number];
    expect(code).toBe(11);
    for (const { socket } of held) socket.destroy();
  });
});
