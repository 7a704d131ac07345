// What fresh state costs: acquire a slot, make it fresh, call the guest, restore it. By guest and by
// strategy, beside the time of the whole run. `node bin/node26.mjs bench/isolation.ts [runs]`; bars of
// docs/SPECIFICATION.md: p50 at most 10 µs for WAT, C, AssemblyScript and Rust, at most 35 µs for a foreign
// module of 17 pages.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import createWabt from "wabt";
import { ENV_SIGNATURES, HOST_IMPORTS } from "../src/abi/index.ts";
import { createBuilder } from "../src/builder/index.ts";
import { DEFAULT_LIMITS } from "../src/config/limits.ts";
import { createEngine, type Strategy } from "../src/engine/index.ts";
import { createRunState, disposeRunState, hostFunctions, type HostServices } from "../src/hostcalls/index.ts";
import { rewriteModule } from "../src/wasm/index.ts";
import { quantile, type Row } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const RUNS = Number(process.argv[2] ?? 20_000);
const LIMITS = { cpuMs: 1000, wallMs: 10_000 };
const STRATEGIES: readonly (Strategy["kind"] | undefined)[] = [undefined, "pooled-memory", "fresh-memory"];

const HELLO_C = `#include "http_hostcalls.h"
void run(void) { hostcall_resp_set_body(RESPONSE_OUTGOING, "Hello", 5); }`;
const HELLO_AS = `import { Request, Response, run_user } from "./http_guest";
export function run(): void {
  run_user((request: Request): Response => {
    const response = new Response();
    response.body_string = "Hello";
    return response;
  });
}`;
const HELLO_RUST = `use http_guest::{Request, Response, guest_app};
fn hello(_request: &Request<Vec<u8>>) -> Response<&'static str> { Response::new("Hello") }
guest_app!(hello);`;
/** Memory, imports, data and table as rustc leaves them by default: 1 MiB of stack below the data. */
const FOREIGN_WAT = `(module ${importsOf(16)}
  (memory 17) (table 64 64 funcref) (elem (i32.const 1) $first $second) (global $stack (mut i32)
    (i32.const 1048576))
  (func $first) (func $second) (data (i32.const 1048576) "${"rodata.".repeat(2000)}")
  (func (export "run")
    (global.set $stack (i32.sub (global.get $stack) (i32.const 64)))
    (i64.store (global.get $stack) (i64.const 1))
    (drop (call $h0 (i32.const 0) (i32.const 1048576) (i32.const 5)))))`;

function importsOf(count: number): string {
  const extra = Object.entries(ENV_SIGNATURES)
    .filter(([name]) => name !== "hostcall_resp_set_body")
    .slice(0, count - 1);
  const first = '(import "env" "hostcall_resp_set_body" (func $h0 (param i32 i32 i32) (result i32)))';
  return [
    first,
    ...extra.map(
      ([name, { params, results }]) =>
        `(import "env" "${name}" (func (param ${params.join(" ")}) (result ${results.join(" ")})))`,
    ),
  ].join("\n");
}

const services: HostServices = {
  keyValue: null as never,
  environment: [],
  outbound: null as never,
  resolver: null as never,
  log: () => undefined,
  now: () => Date.now(),
  random: () => undefined,
  limits: DEFAULT_LIMITS,
};
const request = { id: "1", method: "GET", path: "/", headers: [], body: new Uint8Array() };

async function modules(): Promise<Map<string, Uint8Array>> {
  const dataDir = mkdtempSync(join(tmpdir(), "terrarium-bench-"));
  const builder = createBuilder({ dataDir, limits: DEFAULT_LIMITS });
  const build = async (file: string, text: string): Promise<Uint8Array> =>
    (await builder.build(new Map([[file, new TextEncoder().encode(text)]]), { hint: null, flags: [] })).wasm;
  const wabt = await createWabt();
  const foreign = wabt.parseWat("foreign.wat", FOREIGN_WAT, {}).toBinary({}).buffer;
  const built = new Map([
    ["WAT, empty", await build("src/main.wat", '(module (func (export "run")))')],
    [
      "WAT, hello",
      await build(
        "src/main.wat",
        `(module ${importsOf(1)} (memory 1) (data (i32.const 0) "Hello") (func (export ` +
          `"run") (drop (call $h0 (i32.const 0) (i32.const 0) (i32.const 5)))))`,
      ),
    ],
    ["C, hello", await build("src/main.c", HELLO_C)],
    ["AssemblyScript, hello", await build("assembly/index.ts", HELLO_AS)],
    ["foreign, 17 pages", new Uint8Array(foreign)],
  ]);
  try {
    built.set("Rust, hello", await build("src/lib.rs", HELLO_RUST));
  } catch (error) {
    console.log(`Rust is left out: ${(error as Error).message}`);
  }
  await builder.close();
  rmSync(dataDir, { recursive: true, force: true });
  return built;
}

async function measure(
  name: string,
  wasm: Uint8Array,
  strategy: Strategy["kind"] | undefined,
): Promise<Row[]> {
  const engine = createEngine({
    hostFunctions,
    limits: DEFAULT_LIMITS,
    ...(strategy === undefined ? {} : { strategy }),
  });
  const { bytes, layout, codeMap } = rewriteModule(wasm, {
    maxMemoryPages: DEFAULT_LIMITS.memoryPages,
    maxTableEntries: DEFAULT_LIMITS.tableEntries,
    hostImports: HOST_IMPORTS,
    interruptible: true,
  });
  const program = await engine.load({ bytes, layout, codeMap });
  const times: number[] = [];
  for (let run = -RUNS / 4; run < RUNS; run += 1) {
    const state = createRunState(services, request);
    const began = performance.now();
    const outcome = await program.run(state, LIMITS);
    if (run >= 0) times.push(performance.now() - began);
    if (outcome.kind !== "returned")
      throw new Error(`${name}: ${outcome.kind === "fault" ? outcome.error.message : outcome.kind}`);
    disposeRunState(state);
  }
  const { kind } = program.strategy;
  await engine.close();
  return rowsOf(`${name}, ${layout.memory?.initialPages ?? 0} pages`, kind, times, strategy === undefined);
}

/** The bar is on the strategy that the engine chooses. */
function rowsOf(what: string, kind: Strategy["kind"], times: readonly number[], chosen: boolean): Row[] {
  const tail =
    `p99 ${(quantile(times, 0.99) * 1000).toFixed(0)}, mean ` +
    `${((times.reduce((sum, ms) => sum + ms, 0) / times.length) * 1000).toFixed(1)} µs`;
  const row: Row = { what: `${what}, ${kind}`, value: quantile(times, 0.5) * 1000, unit: "µs", note: tail };
  return [chosen ? { ...row, bar: what.startsWith("foreign") ? "isolationForeign" : "isolation" } : row];
}

const rows: Row[] = [];
/** With the flags of edges V8 compiles on threads that do not keep a process alive. */
const awake = setInterval(() => undefined, 1000);
for (const [name, wasm] of await modules()) {
  const seen = new Set<string>();
  for (const strategy of STRATEGIES) {
    for (const row of await measure(name, wasm, strategy)) if (!seen.has(row.what)) rows.push(row);
    for (const { what } of rows) seen.add(what);
  }
}
clearInterval(awake);
publish({
  name: "isolation",
  title: "Isolation cost: acquire, make fresh, call, restore",
  command: "npm run bench -- isolation",
  method:
    `Median of ${RUNS} runs of each program, with the guest's own work, by ` +
    `the way to fresh state that the engine chooses and by the others.`,
  rows,
});
