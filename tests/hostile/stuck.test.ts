// Edges that no longer answer: one whose guest is in host code that never returns, where the kill word does
// not reach and nothing else does either, and one that does not run at all. Real edges of a real pool.
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import createWabt from "wabt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { EdgePool } from "../../src/control/supervisor/edge-pool.ts";
import {
  type ListeningSockets,
  openListeningSockets,
} from "../../src/control/supervisor/listening-sockets.ts";
import { Quarantine } from "../../src/control/supervisor/quarantine.ts";
import { edgeV8Flags } from "../../src/engine/v8-flags.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import type { DeploymentId } from "../../src/store/types.ts";
import { edgeConfig, putModule } from "../edge/live-deployment.ts";
import { NEIGHBOUR } from "./corpus.ts";

const DOMAIN = "terrarium.test";
const STUCK = "stuck" as DeploymentId;
const CALLS_DEBUG =
  '(module (import "env" "hostcall_debug" (func $debug (param i32 i32))) (memory ' +
  '1) (func (export "run") (call $debug (i32.const 0) (i32.const 1))))';

let dir: string;
let store: Store;
let pool: EdgePool;
let quarantine: Quarantine;
let port: number;
let sockets: ListeningSockets;
const restarts: string[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "terrarium-stuck-"));
  const config = edgeConfig(dir, {
    domain: DOMAIN,
    edges: 2,
    ttlMs: null,
    limits: { ...DEFAULT_LIMITS, cpuMs: 200, wallMs: 8000 },
  });
  store = await openStore(config, { role: "supervisor" });
  await deployWat(STUCK, CALLS_DEBUG);
  await deployWat("well" as DeploymentId, NEIGHBOUR);
  const execArgv = [...edgeV8Flags(), "--import", join(import.meta.dirname, "stuck-hostcall.ts")];
  sockets = await openListeningSockets(config, null, false);
  pool = new EdgePool({
    clockBaseMs: Date.now() - Number(process.hrtime.bigint()) / 1e6,
    config,
    sockets,
    runDir: dir,
    controlSocket: join(dir, "control.sock"),
    housing: { execArgv, sandbox: null, surroundings: { readable: [], writable: [] } },
    edgesAlive: () => Promise.resolve([]),
    issueLeaf: () => Promise.reject(new Error("This platform has no HTTPS")),
    onRestart: (name, reason) => restarts.push(`${name.replace(/-.*/, "")}: ${reason}`),
    onOffence: (id, offence) => quarantine.accuse(id, offence),
  });
  quarantine = new Quarantine({
    startApart: (onExit) => pool.startApart(onExit),
    route: (id, socket) => pool.route(id, socket),
    now: Date.now,
    log: () => undefined,
  });
  pool.start();
  await pool.open();
  port = sockets.ports.httpPort;
}, 60_000);
afterAll(async () => {
  quarantine.close();
  await pool.drain(500);
  sockets.close();
  await store.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

async function deployWat(id: DeploymentId, text: string): Promise<void> {
  const wabt = await createWabt();
  await putModule(store, id, new Uint8Array(wabt.parseWat(`${id}.wat`, text).toBinary({}).buffer));
}

/** Status of the answer; 0 if the connection broke. */
function ask(id: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port, headers: { host: `${id}.${DOMAIN}` }, agent: false });
    asked.on("response", (response) => resolve(response.resume().statusCode ?? 0));
    asked.on("error", () => resolve(0));
    asked.end();
  });
}

const shared = () => pool.status().filter(({ name }) => name.startsWith("edge"));
const allListen = () => pool.status().every(({ listening }) => listening);

test(
  "an edge whose guest is stuck where nothing reaches it is " +
    "replaced, and the guest's deployment moves away from the others",
  { timeout: 60_000 },
  async () => {
    const before = shared().map(({ pid }) => pid);
    expect(await ask(STUCK)).toBe(0);
    await expect.poll(() => restarts, { timeout: 30_000 }).toEqual(["edge: stuck with stuck"]);
    expect(quarantine.of(STUCK)).toMatchObject({ reason: expect.stringContaining("stuck") });
    await expect
      .poll(() => shared().length === 2 && pool.status().length === 3 && allListen(), { timeout: 30_000 })
      .toBe(true);
    expect(shared().filter(({ pid }) => before.includes(pid))).toHaveLength(1);
    expect(await Promise.all(Array.from({ length: 20 }, () => ask("well")))).toEqual(
      Array.from({ length: 20 }, () => 200),
    );
  },
);

test("from then on it takes down no other deployment's process", { timeout: 60_000 }, async () => {
  const before = shared();
  const attack = { over: false };
  const asked = ask(STUCK).finally(() => (attack.over = true));
  while (!attack.over) expect(await ask("well")).toBe(200);
  expect(await asked).toBe(503);
  await expect
    .poll(() => restarts, { timeout: 30_000 })
    .toEqual(["edge: stuck with stuck", "apart: stuck with stuck"]);
  expect(shared()).toEqual(before);
});

test(
  "an edge that does not run at all is replaced by its supervisor, and no deployment is blamed",
  { timeout: 60_000 },
  async () => {
    const [victim] = shared();
    const count = restarts.length;
    process.kill(victim?.pid ?? 0, "SIGSTOP");
    await expect.poll(() => restarts.slice(count), { timeout: 30_000 }).toEqual(["edge: SIGKILL"]);
    await expect
      .poll(() => shared().every(({ pid, listening }) => listening && pid !== victim?.pid), {
        timeout: 30_000,
      })
      .toBe(true);
    expect(quarantine.of("well" as DeploymentId)).toBeNull();
    expect(await Promise.all(Array.from({ length: 20 }, () => ask("well")))).toEqual(
      Array.from({ length: 20 }, () => 200),
    );
  },
);
