// One request that makes the host work as hard as a hostcall can: it ends at its CPU limit, its edge lives
// on, and neighbours are served throughout.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";

const IMPORTS = `
  (import "env" "hostcall_debug" (func $debug (param i32 i32)))
  (import "env" "hostcall_panic_hook" (func $panic (param i32 i32)))
  (import "env" "hostcall_req_create" (func $create (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_resp_set_header" (func $set_header (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_resp_set_body" (func $set_body (param i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_append" (func $append (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_dns_query_ip" (func $dns_ip (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory 300)`;
/** 16 MiB of one byte from 64 KiB on. */
const filled = (byte: number) => `(memory.fill (i32.const 65536) (i32.const ${byte}) (i32.const 16777216))`;
const WHOLE = "(i32.const 65536) (i32.const 16777216)";
const forever = (call: string) => `(loop $ever ${call} (br $ever))`;

/** What each attacker does, and how its request may end. */
const ATTACKS: Readonly<Record<string, readonly [code: string, ending: RegExp]>> = {
  "debug-of-control-bytes": [
    `${filled(1)} (call $debug (i32.const 65536) (i32.const 16777216))`,
    /^200|CPU time/,
  ],
  "debug-without-end": [`${filled(97)} ${forever(`(call $debug ${WHOLE})`)}`, /CPU time/],
  "debug-of-a-long-text": [
    `${filled(97)} ${forever("(call $debug (i32.const 65536) (i32.const -1))")}`,
    /CPU time|copied/,
  ],
  "empty-lines": [forever("(call $debug (i32.const 0) (i32.const 0))"), /CPU time/],
  "newlines-to-stdout": [
    `${filled(10)} (i32.store (i32.const 0) (i32.const 65536)) (i32.store (i32.const 4) (i32.const 16777216))
     ${forever("(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))")}`,
    /CPU time/,
  ],
  "a-long-panic": [`${filled(1)} (call $panic (i32.const 65536) (i32.const 16777216))`, /panic|CPU time/i],
  "a-long-url": [
    `${filled(64)}
     (drop (call $create (i32.const 65536) (i32.const 3) ${WHOLE}))`,
    /header bytes|CPU time/,
  ],
  "blank-values": [
    `${filled(32)} (i32.store8 (i32.const 97000) (i32.const 120))
     (i32.store (i32.const 0) (i32.const 65536)) (i32.store (i32.const 4) (i32.const 32000))
     (i32.store8 (i32.const 16) (i32.const 97))
     ${forever(`(drop
       (call $set_header (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 0) (i32.const 1)))`)}`,
    /CPU time/,
  ],
  "large-bodies": [
    forever("(drop (call $set_body (i32.const 0) (i32.const 65536) (i32.const 10485760)))"),
    /CPU time/,
  ],
  "large-values": [
    forever("(drop (call $append (i32.const 0) (i32.const 1) (i32.const 65536) (i32.const 100000)))"),
    /CPU time|value|operations/,
  ],
  "long-names": [
    `${filled(97)} ${forever(`(drop (call $dns_ip (i32.const 0) (i32.const 4) ${WHOLE} (i32.const 0)))`)}`,
    /DNS queries|CPU time/,
  ],
  "random-bytes": [forever("(drop (call $random (i32.const 65536) (i32.const 65536)))"), /CPU time/],
};
const NEIGHBOUR = `(module (func (export "run")))`;

const folder = temporaryFolder();
const ids = new Map<string, string>();
let platform: Platform;
let shared: number;

beforeAll(async () => {
  platform = await Platform.start(join(folder.path, "data"), [
    "--edges",
    "1",
    "--limit",
    "cpuMs=50",
    "--ttl",
    "1h",
  ]);
  await deploy("neighbour", NEIGHBOUR);
  for (const [name, [code]] of Object.entries(ATTACKS))
    await deploy(name, `(module ${IMPORTS} (func (export "run") ${code}))`);
  shared = (await edgePids())[0] ?? 0;
}, 120_000);
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

async function deploy(name: string, text: string): Promise<void> {
  const project = join(folder.path, name);
  mkdirSync(join(project, "src"), { recursive: true });
  writeFileSync(join(project, "src/main.wat"), text);
  ids.set(name, (await platform.deploy(project)).id);
}

const ask = (name: string) => platform.ask(ids.get(name) ?? "", "/");
const edgePids = async () =>
  (await platform.api<{ edges: { pid: number }[] }>("/api/v1/server")).edges.map(({ pid }) => pid);

describe("a request that makes the host work", () => {
  test.each(Object.keys(ATTACKS))("by %s ends, and a neighbour is served meanwhile", async (name) => {
    const attacks = Array.from({ length: 4 }, () => ask(name));
    const attack = { over: false };
    const served = (async () => {
      const statuses: number[] = [];
      while (!attack.over) statuses.push((await ask("neighbour")).status);
      return statuses;
    })();
    for (const { status, text } of await Promise.all(attacks))
      expect(`${status} ${text}`).toMatch(ATTACKS[name]![1]);
    attack.over = true;
    const statuses = await served;
    expect(statuses.length).toBeGreaterThan(0);
    expect(new Set(statuses)).toEqual(new Set([200]));
    // The attacker may have got a process of its own; the one that all share is still the first.
    expect(await edgePids()).toContain(shared);
  });
});
