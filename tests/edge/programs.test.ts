// Real programs through the whole edge: rewriter, engine, hostcalls, and requests between deployments.
import createWabt from "wabt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProgramHost } from "../../src/edge/program/host.ts";
import type { EdgeServerOptions } from "../../src/edge/server.ts";
import type { DeploymentId } from "../../src/store/types.ts";
import { ask, askHttp2, DOMAIN, openHttp2, startTestEdge, type TestEdge } from "./edge-fixture.ts";
import { putModule } from "./live-deployment.ts";

let test: TestEdge;

beforeAll(async () => {
  test = await startTestEdge({
    config: { allowNet: ["127.0.0.0/8"] },
    edge: { programs: undefined } as unknown as Partial<EdgeServerOptions>,
  });
});
afterAll(() => test[Symbol.asyncDispose]());

async function deployWat(id: string, text: string): Promise<void> {
  const wabt = await createWabt();
  const original = wabt.parseWat(`${id}.wat`, text).toBinary({ write_debug_names: true }).buffer;
  await putModule(test.store, id, new Uint8Array(original), test.config.limits);
}

const IMPORTS = `
  (import "env" "hostcall_init_mm" (func $init_mm (param i32 i32)))
  (import "env" "hostcall_resp_set_body" (func $set_body (param i32 i32 i32) (result i32)))
  (import "env" "hostcall_resp_set_response_code" (func $set_code (param i32 i32) (result i32)))
  (import "env" "hostcall_resp_get_response_code" (func $get_code (param i32) (result i32)))
  (import "env" "hostcall_resp_get_body" (func $get_body (param i32 i32 i32)))
  (import "env" "hostcall_req_create" (func $create (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_req_send" (func $send (param i32) (result i32)))
  (import "env" "hostcall_req_get_path" (func $get_path (param i32 i32 i32)))
  (import "env" "hostcall_debug" (func $debug (param i32 i32)))`;

/** A bump allocator in the table, so that hostcalls have where to put things. */
const ALLOCATOR = `
  (memory (export "memory") 2)
  (table 2 funcref) (elem (i32.const 0) $malloc $free)
  (global $free_at (mut i32) (i32.const 4096))
  (func $malloc (param $size i32) (result i32)
    (global.get $free_at) (global.set $free_at (i32.add (global.get $free_at) (i32.and (i32.add
      (local.get $size) (i32.const 39)) (i32.const -8)))))
  (func $free (param i32))`;

/** Answers with the answer of another URL. */
const relay = (url: string) => `(module ${IMPORTS} ${ALLOCATOR}
  (data (i32.const 16) "GET") (data (i32.const 32) "${url}")
  (func (export "run") (local $response i32)
    (call $init_mm (i32.const 0) (i32.const 1))
    (local.set $response (call $send (call $create (i32.const 16) (i32.const 3) (i32.const 32)
      (i32.const ${url.length}))))
    (if (i32.eq (local.get $response) (i32.const -1)) (then (drop (call $set_code (i32.const 0)
      (i32.const 502))) (return)))
    (drop (call $set_code (i32.const 0) (call $get_code (local.get $response))))
    (call $get_body (i32.const 0) (i32.const 4) (local.get $response))
    (drop (call $set_body (i32.const 0) (i32.load (i32.const 0)) (i32.load (i32.const 4))))))`;

const HELLO = `(module ${IMPORTS} (memory 1) (data (i32.const 8) "hello")
  (func (export "run") (call $debug (i32.const 8) (i32.const 5)) (drop (call $set_body (i32.const 0)
    (i32.const 8) (i32.const 5)))))`;

describe("programs behind the edge", () => {
  it("answer over HTTP/1.1 and HTTP/2, and log", async () => {
    await deployWat("hello", HELLO);
    expect((await ask(test, "hello")).text).toBe("hello");
    const session = openHttp2(test, "hello");
    expect((await askHttp2(session, {})).text).toBe("hello");
    session.close();
    await expect
      .poll(async () =>
        (await test.store.logs.read("hello" as DeploymentId, { limit: 9 })).map(({ text }) => text),
      )
      .toEqual(["hello", "hello"]);
  });

  it("that touch nothing answer 200 with nothing", async () => {
    await deployWat("nothing", `(module (func (export "run")))`);
    const answer = await ask(test, "nothing");
    expect([
      answer.status,
      answer.text,
      answer.headers["content-length"],
      answer.headers["content-type"],
    ]).toEqual([200, "", "0", undefined]);
  });

  it("are healthy as soon as they can be loaded", async () => {
    await deployWat("healthy", `(module (func (export "run") unreachable))`);
    const answer = await ask(test, "healthy", "/__health");
    expect([answer.status, answer.text.length > 0]).toEqual([200, true]);
    expect((await ask(test, "healthy", "/__healthy")).status).toBe(500);
  });

  it("that trap answer 500 with the trap and its source location", async () => {
    await deployWat(
      "divide",
      `(module (func $inner (param i32) (result i32) (i32.div_u (i32.const 1) ` +
        `(local.get 0))) (func (export "run") (drop (call $inner (i32.const 0)))))`,
    );
    const answer = await ask(test, "divide");
    expect(answer.status).toBe(500);
    expect(answer.text).toMatch(
      /^The program trapped: division by zero\n {2}at inner \(offset 0x[0-9a-f]+\)\n/,
    );
  });

  it("call one another by name, over any scheme, at the ports of the platform", async () => {
    await deployWat("hello-again", HELLO);
    for (const [index, url] of [
      `http://hello-again.${DOMAIN}/`,
      `https://hello-again.${DOMAIN}/`,
      `https://Hello-Again.${DOMAIN}:${test.edge.httpsPort}/x?y`,
    ].entries()) {
      await deployWat(`relay-${index}`, relay(url));
      expect((await ask(test, `relay-${index}`)).text).toBe("hello");
    }
  });

  it("that call one another in a circle are stopped", async () => {
    await deployWat("ping", relay(`http://pong.${DOMAIN}/`));
    await deployWat("pong", relay(`https://ping.${DOMAIN}/`));
    const before = test.edge.stats().requests;
    const answer = await ask(test, "ping");
    expect([answer.status, answer.text]).toEqual([
      508,
      "Deployments called one another 9 levels deep; the limit is 8. Make the program stop " +
        "calling itself, or the deployment that called it\n",
    ]);
    expect(test.edge.stats().requests - before).toBe(10);
    expect(test.edge.stats().inFlight).toBe(0);
  });

  it("cannot reach the control API, by name or by address", async () => {
    const { httpPort, httpsPort } = test.edge;
    const urls = [
      `http://${DOMAIN}/`,
      `https://${DOMAIN}./`,
      `http://127.0.0.1:${httpPort}/`,
      `http://localhost:${httpPort}/`,
      `https://127.0.0.1:${httpsPort}/`,
    ];
    for (const [index, url] of urls.entries()) {
      await deployWat(`climber-${index}`, relay(url));
      expect([url, (await ask(test, `climber-${index}`)).status]).toEqual([url, 502]);
    }
  });

  it("keep nothing of the engine when the edge closes", async () => {
    const config = { ...test.config };
    const host = createProgramHost(config, test.store, {
      local: { owns: () => false, dispatch: () => Promise.reject(new Error("unused")) },
      ownEndpoints: () => [],
      lookUpLocations: () => Promise.resolve([]),
    });
    const id = "hello" as DeploymentId;
    await expect(host.load(id, (await test.store.artifacts.get(id))!, id)).resolves.toBeDefined();
    await host.close();
  });
});
