// Whole guests: WAT through the rewriter and the engine, calling the real host functions.
import createWabt from "wabt";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/index.ts";
import { createEngine, type RunLimits, type RunOutcome } from "../engine/index.ts";
import { rewriteModule } from "../wasm/index.ts";
import { HOST_IMPORTS } from "../abi/index.ts";
import {
  createRunState,
  disposeRunState,
  hostFunctions,
  outgoingResponse,
  type OutgoingResponse,
  type RunState,
} from "./index.ts";
import { mapNamespace, testRequest, testServices, type TestServices } from "./testing/services.ts";

const engine = createEngine<RunState>({ hostFunctions, limits: DEFAULT_LIMITS });
const wabt = await createWabt();
afterAll(() => engine.close());

/** Imports, memory and a malloc that starts at 32 KiB. */
const PRELUDE = `
  (import "env" "hostcall_init_mm" (func $init_mm (param i32 i32)))
  (import "env" "hostcall_req_get_path" (func $get_path (param i32 i32 i32)))
  (import "env" "hostcall_req_create" (func $create (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_req_send" (func $send (param i32) (result i32)))
  (import "env" "hostcall_req_send_async" (func $send_async (param i32) (result i32)))
  (import "env" "hostcall_pending_req_poll" (func $poll (param i32) (result i32)))
  (import "env" "hostcall_pending_req_select" (func $select (param i32 i32 i32) (result i32)))
  (import "env" "hostcall_resp_get_body" (func $get_body (param i32 i32 i32)))
  (import "env" "hostcall_resp_set_body" (func $set_body (param i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_get" (func $kv_get (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_insert" (func $kv_insert (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_panic_hook" (func $panic (param i32 i32)))
  (import "env" "hostcall_debug" (func $debug (param i32 i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory 1)
  (table 6 funcref) (elem (i32.const 1) $malloc $free $slow_malloc $removed_malloc $deep_malloc)
  (data (i32.const 256) "GET") (data (i32.const 272) "http://up.test/")
  (global $heap (mut i32) (i32.const 32768))
  (func $malloc (param $size i32) (result i32)
    (global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get $size))))
  (func $free (param i32))
  (func $slow_malloc (param i32) (result i32) (loop $ever (br $ever)) (i32.const 0))
  (func $removed_malloc (param i32) (result i32) unreachable)
  (func $deep_malloc (param i32) (result i32) (call $removed_malloc (i32.const 0)))
  (func $init (call $init_mm (i32.const 1) (i32.const 2)))
  (func $request (result i32) (call $create (i32.const 256) (i32.const 3) (i32.const 272) (i32.const 15)))
  (func $answer (drop (call $set_body (i32.const 0) (i32.load (i32.const 0)) (i32.load (i32.const 4)))))`;

interface Ran {
  readonly outcome: RunOutcome;
  readonly response: OutgoingResponse;
  readonly body: string;
  readonly lines: readonly string[];
}

const LIMITS: RunLimits = { cpuMs: 2000, wallMs: 5000 };

async function run(
  code: string,
  options: TestServices = {},
  limits = LIMITS,
  signal?: AbortSignal,
): Promise<Ran> {
  const parsed = wabt.parseWat("guest.wat", `(module ${PRELUDE} ${code})`, { exceptions: true } as object);
  const bytes = new Uint8Array(parsed.toBinary({}).buffer);
  parsed.destroy();
  const hostImports = HOST_IMPORTS;
  const module = rewriteModule(bytes, {
    hostImports,
    interruptible: true,
    maxMemoryPages: 16,
    maxTableEntries: 100,
  });
  const program = await engine.load(module);
  const { services, lines } = testServices(options);
  const state = createRunState(services, testRequest());
  const outcome = await program.run(state, limits, signal);
  const response = outgoingResponse(state);
  disposeRunState(state);
  expect(state.http.handles.live).toBe(0);
  program.dispose();
  return { outcome, response, body: Buffer.from(response.body).toString(), lines };
}

const upstream = (later = true) => ({
  send: async () => {
    if (later) await new Promise((resolve) => setImmediate(resolve));
    return { status: 200, headers: [], body: Buffer.from("answer") };
  },
});

afterEach(() => expect(engine.stats().inFlight).toBe(0));

describe("a guest", () => {
  it("gets memory through an allocator that its start function named", async () => {
    const { outcome, body } = await run(
      `(start $init) (func (export "run") (call $get_path ` +
        `(i32.const 0) (i32.const 4) (i32.const 0)) (call $answer))`,
    );
    expect(outcome.kind).toBe("returned");
    expect(body).toBe("/a%20b?q=1");
  });

  it("is told of wasm-opt when its allocator is a bare trap, and only then", async () => {
    const withMalloc = (malloc: number) =>
      run(
        `(func (export "run") (call $init_mm (i32.const ${malloc}) (i32.const 2)) ` +
          "(call $get_path (i32.const 0) (i32.const 4) (i32.const 0)))",
      );
    const removed = await withMalloc(4);
    expect(removed.outcome).toMatchObject({
      kind: "fault",
      error: { code: "TER_GUEST_TRAP", message: expect.stringContaining("wasm-opt") },
    });
    const deep = await withMalloc(5);
    expect(deep.outcome).toMatchObject({ kind: "fault", error: { code: "TER_GUEST_TRAP" } });
    expect((deep.outcome as { error: Error }).error.message).not.toContain("wasm-opt");
  });

  it("whose time is up ends inside a hostcall rather than after it", async () => {
    const insert = () => {
      const until = process.threadCpuUsage().user + 150_000;
      while (process.threadCpuUsage().user < until);
      return true;
    };
    const code = `(func (export "run")
      (drop (call $kv_insert (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1)))
      (call $debug (i32.const 0) (i32.const 60000)) (call $debug (i32.const 0) (i32.const 1)))`;
    const options = { keyValue: { ...mapNamespace(), insert } };
    const { outcome, lines } = await run(code, options, { cpuMs: 20, wallMs: 5000 });
    expect(outcome).toMatchObject({ kind: "fault", error: { code: "TER_GUEST_LIMIT" } });
    expect(lines).toEqual([]);
  });

  it("waits for an upstream and gets its body", async () => {
    const code =
      `(func (export "run") (call $init) (call $get_body (i32.const 0) ` +
      `(i32.const 4) (call $send (call $request))) (call $answer))`;
    expect((await run(code, { outbound: upstream() })).body).toBe("answer");
  });

  it("polls in a loop until the answer is there", async () => {
    const code = `(func (export "run") (local $pending i32) (local $response i32) (call $init)
      (local.set $pending (call $send_async (call $request)))
      (loop $again (local.set $response (call $poll (local.get $pending))) (br_if $again (i32.eq
        (local.get $response) (i32.const -2))))
      (call $get_body (i32.const 0) (i32.const 4) (local.get $response)) (call $answer))`;
    expect((await run(code, { outbound: upstream() })).body).toBe("answer");
  });

  it("selects one of two and then the other", async () => {
    const code = `(func (export "run") (call $init)
      (i32.store (i32.const 64) (call $send_async (call $request))) (i32.store (i32.const 68)
        (call $send_async (call $request)))
      (if (i32.lt_s (call $select (i32.const 64) (i32.const 2) (i32.const 72)) (i32.const 1))
        (then unreachable))
      (if (i32.eq (i32.load (i32.const 72)) (i32.load (i32.const 64))) (then (i32.store (i32.const 64)
        (i32.load (i32.const 68)))))
      (call $get_body (i32.const 0) (i32.const 4) (call $select (i32.const 64) (i32.const 1) (i32.const 72)))
        (call $answer))`;
    expect((await run(code, { outbound: upstream() })).body).toBe("answer");
  });

  it.each([
    ["at once", false],
    ["later", true],
  ])("gets what it stored, from a store that answers %s", async (_, later) => {
    const code = `(func (export "run") (call $init)
      (if (i32.ne (call $kv_insert (i32.const 256) (i32.const 3) (i32.const 272) (i32.const 15))
        (i32.const 1)) (then unreachable))
      (if (i32.ne (call $kv_get (i32.const 0) (i32.const 4) (i32.const 256) (i32.const 3)) (i32.const 1))
        (then unreachable))
      (call $answer))`;
    expect((await run(code, { keyValue: mapNamespace(later) })).body).toBe("http://up.test/");
  });

  it("that exits sends what it has built so far", async () => {
    const { outcome, body } = await run(
      `(func (export "run") (drop (call $set_body (i32.const 0) (i32.const ` +
        `256) (i32.const 3))) (call $exit (i32.const 7)) unreachable)`,
    );
    expect(outcome).toMatchObject({ kind: "exited", code: 7 });
    expect(body).toBe("GET");
  });
});

describe("a guest that goes wrong", () => {
  const fault = async (code: string, options: TestServices = {}, limits = LIMITS, signal?: AbortSignal) => {
    const { outcome } = await run(code, options, limits, signal);
    if (outcome.kind !== "fault") throw new Error(`the run ${outcome.kind}`);
    return outcome.error;
  };

  it("panics with its message", async () => {
    expect((await fault(`(func (export "run") (call $panic (i32.const 256) (i32.const 3)))`)).message).toBe(
      "The program panicked: GET",
    );
  });

  it("cannot catch the fault of a hostcall and continue", async () => {
    const code =
      `(func (export "run") (try (do (call $panic (i32.const 256) (i32.const ` +
      `3))) (catch_all)) (call $debug (i32.const 256) (i32.const 3)))`;
    const { outcome, lines } = await run(code);
    expect(outcome).toMatchObject({ kind: "fault", error: { code: "TER_GUEST_PANIC" } });
    expect(lines).toEqual([]);
  });

  it("is told the hostcall and the reason of a bad call", async () => {
    expect((await fault(`(func (export "run") (call $debug (i32.const -8) (i32.const 3)))`)).message).toMatch(
      /hostcall_debug incorrectly: the message .* lies outside of memory/,
    );
  });

  it.each([
    ["before", `(call $get_path (i32.const 0) (i32.const 4) (i32.const 0))`],
    ["after", `(drop (call $kv_get (i32.const 0) (i32.const 4) (i32.const 256) (i32.const 0)))`],
  ])("dies by its CPU limit if its malloc loops %s a wait", async (_, call) => {
    const keyValue = { ...mapNamespace(true), get: () => Promise.resolve(Uint8Array.of(1)) };
    const error = await fault(
      `(func (export "run") (call $init_mm (i32.const 3) (i32.const 2)) ${call})`,
      { keyValue },
      { cpuMs: 50, wallMs: 5000 },
    );
    expect(error).toMatchObject({ code: "TER_GUEST_LIMIT", details: { limit: "CPU time" } });
  });

  it("overflows its own stack, not ours, however deep the hostcall is", async () => {
    const code =
      `(func $deep (call $debug (i32.const 256) (i32.const 0)) (call $deep) (call ` +
      `$debug (i32.const 256) (i32.const 0))) (func (export "run") (call $deep))`;
    expect(await fault(code)).toMatchObject({ code: "TER_GUEST_TRAP", details: { trap: "stack overflow" } });
  });

  it("is ended when its client disconnects while it waits", async () => {
    const abort = new AbortController();
    let signal: AbortSignal | undefined;
    const outbound = {
      send: (_request: unknown, grant: { readonly signal: AbortSignal }) => {
        signal = grant.signal;
        setImmediate(() => abort.abort());
        return new Promise<never>(() => {});
      },
    };
    expect(
      (
        await fault(
          `(func (export "run") (drop (call $send (call $request))))`,
          { outbound },
          LIMITS,
          abort.signal,
        )
      ).code,
    ).toBe("TER_GUEST_ABORTED");
    expect(signal?.aborted).toBe(true);
  });
});
