// A platform under load whose processes are killed, several at once and while they start, and frozen. Clients
// append to shared values and read them; `violationsOf` says whether the history could have happened without
// any kill.
import { request } from "node:http";
import { join } from "node:path";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { type Sources, writeProject } from "../e2e/programs.ts";
import { type Operation, SEPARATOR, violationsOf } from "./history.ts";

export interface StormOptions {
  readonly durationMs: number;
  /** Of the choice of victims and pauses. */
  readonly seed: number;
}

/** What happened, for a table. */
export interface StormReport {
  readonly killed: number;
  readonly frozen: number;
  readonly requests: number;
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly longestGapMs: number;
  /** By value; none if all went well. */
  readonly violations: readonly string[];
}

const KEYS = ["p", "q", "r"];
const CLIENTS_PER_KEY = 2;
/** A client gives a request up after this; a frozen edge holds it until then. */
const GIVE_UP_MS = 8000;
const LONGEST_PAUSE_MS = 1500;

/** `/a/K/TOKEN` appends TOKEN to the value under the key K; `/g/K` answers with the value. */
const APPENDING: Sources = {
  "src/main.wat": `(module
    (import "env" "hostcall_init_mm" (func $init (param i32 i32)))
    (import "env" "hostcall_req_get_path" (func $path (param i32 i32 i32)))
    (import "env" "hostcall_kvstore_append" (func $append (param i32 i32 i32 i32) (result i32)))
    (import "env" "hostcall_kvstore_get" (func $get (param i32 i32 i32 i32) (result i32)))
    (import "env" "hostcall_resp_set_body" (func $answer (param i32 i32 i32) (result i32)))
    (memory 64)
    (table funcref (elem $malloc $free))
    (global $heap (mut i32) (i32.const 16384))
    (func $malloc (param $size i32) (result i32)
      (global.get $heap)
      (global.set $heap (i32.add (global.get $heap) (local.get $size))))
    (func $free (param i32))
    (func (export "run") (local $p i32)
      (call $init (i32.const 0) (i32.const 1))
      (call $path (i32.const 0) (i32.const 4) (i32.const 0))
      (local.set $p (i32.load (i32.const 0)))
      (if (i32.eq (i32.load8_u (i32.add (local.get $p) (i32.const 1))) (i32.const 97))
        (then (drop (call $append
          (i32.add (local.get $p) (i32.const 3)) (i32.const 1)
          (i32.add (local.get $p) (i32.const 5)) (i32.sub (i32.load (i32.const 4)) (i32.const 5)))))
        (else
          (drop (call $get (i32.const 8) (i32.const 12) (i32.add (local.get $p) (i32.const 3)) (i32.const 1)))
          (drop (call $answer (i32.const 0) (i32.load (i32.const 8)) (i32.load (i32.const 12))))))))`,
};

/** Runs one storm on a platform of its own. */
export async function runStorm({ durationMs, seed }: StormOptions): Promise<StormReport> {
  using data = temporaryFolder();
  await using platform = await Platform.start(data.path, ["--edges", "2"]);
  const project = writeProject(join(data.path, "project"), APPENDING);
  const { id } = await platform.deploy(project, ["--ttl", "never"]);
  const over = new AbortController();
  const storm = new Storm(platform, seed);
  const clients = KEYS.flatMap((key) =>
    Array.from({ length: CLIENTS_PER_KEY }, (_, index) => new Client(platform, id, key, `${key}${index}`)),
  );
  const asking = clients.map((client) => client.run(over.signal));
  await storm.rage(durationMs);
  over.abort();
  await Promise.all(asking);
  const violations = await Promise.all(
    KEYS.map(async (key) => {
      const own = clients.filter((client) => client.key === key);
      return violationsOf(
        own.flatMap(({ operations }) => operations),
        await lastValue(platform, id, key),
      );
    }),
  );
  return { ...storm.counts, ...countsOf(clients), violations: violations.flat() };
}

/** Chooses victims. */
class Storm {
  readonly counts = { killed: 0, frozen: 0 };
  readonly #platform: Platform;
  #state: number;

  constructor(platform: Platform, seed: number) {
    this.#platform = platform;
    this.#state = seed;
  }

  async rage(durationMs: number): Promise<void> {
    const end = performance.now() + durationMs;
    while (performance.now() < end) {
      await pause(this.#random() * LONGEST_PAUSE_MS);
      const edges = await this.#edges();
      const edge = edges[Math.floor(this.#random() * edges.length)];
      const kind = this.#random();
      if (kind < 0.45) this.#kill(edge);
      else if (kind < 0.7) this.#kill(this.#platform.ready.pid);
      else if (kind < 0.85) for (const pid of [...edges, this.#platform.ready.pid]) this.#kill(pid);
      else this.#freeze(edge);
    }
  }

  async #edges(): Promise<number[]> {
    interface View {
      readonly edges: readonly { readonly pid: number | null }[];
    }
    const view = await this.#platform.api<View>("/api/v1/server").catch(() => undefined);
    return view?.edges?.flatMap(({ pid }) => pid ?? []) ?? [];
  }

  #kill(pid: number | undefined): void {
    if (pid !== undefined && signal(pid, "SIGKILL")) this.counts.killed += 1;
  }

  #freeze(pid: number | undefined): void {
    if (pid !== undefined && signal(pid, "SIGSTOP")) this.counts.frozen += 1;
  }

  /** Numerical Recipes' linear congruential generator: the same storm for the same seed. */
  #random(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }
}

/** Appends and reads one value, one request after the other, each on a connection of its own. */
class Client {
  readonly key: string;
  readonly operations: Operation[] = [];
  readonly #platform: Platform;
  readonly #id: string;
  readonly #name: string;

  constructor(platform: Platform, id: string, key: string, name: string) {
    this.#platform = platform;
    this.#id = id;
    this.key = key;
    this.#name = name;
  }

  async run(over: AbortSignal): Promise<void> {
    for (let count = 0; !over.aborted; count++) {
      const token = `${this.#name}-${count}`;
      const path = count % 4 === 3 ? `/g/${this.key}` : `/a/${this.key}/${token}${SEPARATOR}`;
      const beganMs = performance.now();
      const body = await ask(this.#platform, this.#id, path);
      const answeredMs = body === null ? null : performance.now();
      if (path.startsWith("/a")) this.operations.push({ kind: "append", token, beganMs, answeredMs });
      else if (body !== null) this.operations.push({ kind: "read", value: body, beganMs, answeredMs });
      if (body === null) await pause(20);
    }
  }
}

function countsOf(clients: readonly Client[]) {
  const operations = clients.flatMap((client) => client.operations);
  const answered = operations.flatMap(({ answeredMs }) => answeredMs ?? []).sort((a, b) => a - b);
  return {
    requests: operations.length,
    acknowledged: answered.length,
    unanswered: operations.length - answered.length,
    longestGapMs: Math.round(
      Math.max(0, ...answered.slice(1).map((atMs, index) => atMs - (answered[index] ?? atMs))),
    ),
  };
}

/** After the storm the platform must come back by itself; whoever asks waits for it. */
async function lastValue(platform: Platform, id: string, key: string): Promise<string> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const value = await ask(platform, id, `/g/${key}`);
    if (value !== null) return value;
    await pause(100);
  }
  throw new Error(`No answer 60 s after the storm: ${platform.stderr.slice(-2000)}`);
}

/** The body of a 200; null for anything else. */
function ask(platform: Platform, id: string, path: string): Promise<string | null> {
  const { httpPort } = platform.ready;
  return new Promise((resolve) => {
    const asked = request({
      host: "127.0.0.1",
      port: httpPort,
      path,
      agent: false,
      headers: { host: `${id}.localhost:${httpPort}` },
      timeout: GIVE_UP_MS,
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(null));
    asked.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("error", () => resolve(null));
      response.on("end", () => resolve(response.statusCode === 200 ? text : null));
    });
    asked.end();
  });
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
