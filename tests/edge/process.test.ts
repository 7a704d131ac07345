// An edge as the supervisor starts it: messages, a lost supervisor, a successor.
import { type ChildProcess, fork, type SendHandle } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/index.ts";
import { bindTcp, portOf as boundPort, type TcpHandle } from "../../src/control/supervisor/tcp-handle.ts";
import type { FromEdge, ToEdge } from "../../src/edge/process/messages.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { edgeConfig } from "./live-deployment.ts";
import { openControl, sendText } from "./control-fixture.ts";

let dir: string;
let store: Store;
let config: Config;
let children: ChildProcess[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "terrarium-process-"));
  children = [];
  config = edgeConfig(dir, { edges: 2 });
  store = await openStore(config, { role: "supervisor" });
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

function startEdgeProcess(
  name: string,
  changed: Partial<Config> = {},
  sockets: { readonly http?: TcpHandle } = {},
): {
  child: ChildProcess;
  hear: (kind: FromEdge["kind"]) => Promise<FromEdge>;
  tell: (message: ToEdge) => void;
} {
  const child = fork(join(import.meta.dirname, "../../src/edge/main.ts"), [], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  children.push(child);
  mkdirSync(join(dir, name), { recursive: true });
  const tell = (message: ToEdge) => void child.send(message);
  tell({
    kind: "start",
    name,
    apart: false,
    clockBaseMs: Date.now() - Number(process.hrtime.bigint()) / 1e6,
    ticketKeys: randomBytes(48).toString("base64"),
    config: { ...config, ...changed },
    folder: join(dir, name),
    pid: null,
    controlSocket: join(dir, "control.sock"),
  });
  for (const [kind, handle] of Object.entries(sockets))
    child.send({ kind: "socket", name: kind }, handle as unknown as SendHandle);
  tell({ kind: "listen" });
  const hear = (kind: FromEdge["kind"]) =>
    new Promise<FromEdge>((resolve) => {
      child.on("message", (message: FromEdge) => {
        if (message.kind === kind) resolve(message);
      });
    });
  return { child, hear, tell };
}

async function statusOf(port: number): Promise<number | undefined> {
  const asked = request({
    host: "127.0.0.1",
    port,
    headers: { host: "nobody.terrarium.test" },
    agent: false,
  }).end();
  const [response] = await once(asked, "response");
  response.resume();
  return response.statusCode;
}

const portOf = (message: FromEdge) => (message.kind === "ready" ? message.httpPort : 0);

describe("an edge process", () => {
  it("listens, answers pings, says what it cannot load, and exits 0 when drained", async () => {
    const { child, hear, tell } = startEdgeProcess("edge-1");
    const port = portOf(await hear("ready"));
    expect(await statusOf(port)).toBe(404);
    const pong = hear("pong");
    tell({ kind: "ping", token: 7 });
    expect(await pong).toEqual({ kind: "pong", token: 7 });
    const loaded = hear("loaded");
    tell({ kind: "load", token: 8, id: "missing" as never });
    expect(await loaded).toEqual({
      kind: "loaded",
      token: 8,
      error: {
        code: "TER_NOT_FOUND",
        message: 'Deployment "missing" does not exist, or has expired',
        fix: "List deployments with `terrarium list`, or deploy again",
        details: { id: "missing" },
      },
    });
    await expect
      .poll(async () =>
        (await store.liveness.members(5000)).map(({ name, role, pid }) => ({ name, role, pid })),
      )
      .toEqual([{ name: "edge-1", role: "edge", pid: child.pid }]);
    tell({ kind: "drain", graceMs: 1000 });
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await store.liveness.members(5000)).toEqual([]);
  });

  it("listens on a shared socket and takes over the connections queued there", async () => {
    const socket = bindTcp("127.0.0.1", 0);
    if (typeof socket === "string") throw new Error(socket);
    const first = startEdgeProcess("edge-1", {}, { http: socket });
    const port = portOf(await first.hear("ready"));
    expect(port).toBe(boundPort(socket));
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    const queued = Promise.all(Array.from({ length: 20 }, () => statusOf(port)));
    await startEdgeProcess("edge-2", {}, { http: socket }).hear("ready");
    expect(await queued).toEqual(Array.from({ length: 20 }, () => 404));
    socket.close();
  });

  it("says why it cannot listen, and exits 1", async () => {
    const { child, hear } = startEdgeProcess("edge-1", { listen: { host: "203.0.113.1", port: 0 } });
    const exit = once(child, "exit");
    expect(await hear("failed")).toMatchObject({
      error: {
        code: "TER_CANNOT_LISTEN",
        message: expect.stringContaining("203.0.113.1"),
        fix: expect.stringContaining("--listen"),
        details: { address: "203.0.113.1:0" },
      },
    });
    expect(await exit).toEqual([1, null]);
  });

  it("serves on when its supervisor is gone, until the next one has edges", { timeout: 30_000 }, async () => {
    const { child, hear } = startEdgeProcess("edge-1");
    const port = portOf(await hear("ready"));
    let asked = 0;
    let ready = false;
    await using _control = await openControl(join(dir, "control.sock"), (request) => {
      asked++;
      sendText(request, ready ? 200 : 503, "");
    });
    const exit = once(child, "exit");
    child.disconnect();
    await expect.poll(() => asked, { timeout: 5000 }).toBeGreaterThan(1);
    expect(await statusOf(port)).toBe(404);
    ready = true;
    // Nobody waits for a code.
    expect(await exit).toEqual([null, "SIGKILL"]);
  });
});
