// A process that serves for a benchmark: bare `node:http`, an edge whose program does nothing, or an edge
// with a real module. Started by fork; says its port, then answers each message with the CPU time that it has
// used.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import createWabt from "wabt";
import { startEdge, type EdgeServerOptions } from "../../src/edge/server.ts";
import type { ProgramAnswer } from "../../src/edge/program/types.ts";
import { openStore } from "../../src/store/index.ts";
import { edgeConfig, putModule } from "../../tests/edge/live-deployment.ts";

/** The server under load. */
export type Served =
  | "node:http"
  | "edge, no program"
  | "edge, WAT hello"
  | "edge, WAT hello with a recursion";

/** Host name to ask for. */
export const BENCH_HOST = "hello.bench.test";

/** Never called; the engine gives a guest that could go deep a stack of its own. */
const RECURSION = "(func $deep (call $deep))";

/** The program, with further fields. */
const helloWith = (
  fields: string,
): string => `(module (import "env" "hostcall_resp_set_body" (func $body (param i32 i32 i32) (result i32)))
  (memory 1) (data (i32.const 0) "Hello") ${fields} (func (export "run") (drop (call $body (i32.const 0)
    (i32.const 0) (i32.const 5)))))`;

async function edge(programs?: EdgeServerOptions["programs"], fields = ""): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), "terrarium-bench-"));
  process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }));
  const config = edgeConfig(dataDir, { domain: "bench.test", ttlMs: null });
  const store = await openStore(config, { role: "supervisor" });
  await putModule(store, "hello", await hello(fields));
  const served = await startEdge({
    config,
    store,
    controlSocket: join(dataDir, "control.sock"),
    peerSocket: null,
    issueLeaf: () => Promise.reject(new Error("This edge has no HTTPS")),
    ...(programs === undefined ? {} : { programs }),
  });
  return served.httpPort;
}

async function hello(fields: string): Promise<Uint8Array<ArrayBuffer>> {
  const wabt = await createWabt();
  return new Uint8Array(wabt.parseWat("hello.wat", helloWith(fields), {}).toBinary({}).buffer);
}

function bare(): Promise<number> {
  const server = createServer((_request, response) => response.end("Hello"));
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );
}

/** Starts a server in this process; resolves with its port. */
export function serve(what: Served): Promise<number> {
  switch (what) {
    case "node:http":
      return bare();
    case "edge, no program": {
      const answer: ProgramAnswer = {
        kind: "response",
        response: { status: 200, headers: [], body: Buffer.from("Hello") },
      };
      const responder = { respond: () => Promise.resolve(answer), dispose: () => undefined };
      return edge(() => ({ load: () => Promise.resolve(responder), close: () => Promise.resolve() }));
    }
    case "edge, WAT hello":
      return edge();
    case "edge, WAT hello with a recursion":
      return edge(undefined, RECURSION);
  }
}

if (process.send !== undefined) {
  // Before anything else: V8 compiles on threads that do not keep a process alive, an open channel does.
  process.on("disconnect", () => process.exit());
  process.on("message", () => process.send?.(process.cpuUsage()));
  process.send(await serve(process.argv[2] as Served));
}
