// Clients that append to shared values and read them, and remember what they were answered.
import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Platform } from "../e2e/platform.ts";
import { ALLOCATOR, type Sources } from "../e2e/programs.ts";
import { type Operation, SEPARATOR } from "./history.ts";

/** A client gives a request up after this; a frozen edge holds it until then. */
const GIVE_UP_MS = 8000;
const PAUSE_MS = 20;

/** `/a/K/TOKEN` appends TOKEN to the value under the key K; `/g/K` answers with the value. */
export const APPENDING: Sources = {
  "src/main.wat": `(module
    (import "env" "hostcall_init_mm" (func $init (param i32 i32)))
    (import "env" "hostcall_req_get_path" (func $path (param i32 i32 i32)))
    (import "env" "hostcall_kvstore_append" (func $append (param i32 i32 i32 i32) (result i32)))
    (import "env" "hostcall_kvstore_get" (func $get (param i32 i32 i32 i32) (result i32)))
    (import "env" "hostcall_resp_set_body" (func $answer (param i32 i32 i32) (result i32)))
    (memory 64)
    ${ALLOCATOR}
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

/** Appends and reads one value, one request after the other, each on a connection of its own. */
export class Client {
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
      else this.operations.push({ kind: "read", beganMs, answeredMs, ...(body !== null && { value: body }) });
      if (body === null) await pause(PAUSE_MS);
    }
  }
}

/** What clients were answered, for a table. */
export interface ClientCounts {
  readonly requests: number;
  readonly acknowledged: number;
  readonly longestGapMs: number;
}

export function countsOf(clients: readonly Client[]): ClientCounts {
  const operations = clients.flatMap((client) => client.operations);
  const answered = operations.flatMap(({ answeredMs }) => answeredMs ?? []).sort((a, b) => a - b);
  return {
    requests: operations.length,
    acknowledged: answered.length,
    longestGapMs: Math.round(
      Math.max(0, ...answered.slice(1).map((atMs, index) => atMs - (answered[index] ?? atMs))),
    ),
  };
}

/** The body of a 200; null for anything else. */
export function ask(platform: Platform, id: string, path: string): Promise<string | null> {
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
