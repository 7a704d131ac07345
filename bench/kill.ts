// How long a runaway guest lives beyond its limit, by kind of runaway.
// `node bin/node26.mjs bench/kill.ts [rounds]`; bar of docs/SPECIFICATION.md: limit + 20 ms, aim + 5 ms, bulk
// operations included.
import createWabt from "wabt";
import { DEFAULT_LIMITS } from "../src/config/limits.ts";
import { createEngine, type HostFunctions } from "../src/engine/index.ts";
import { rewriteModule } from "../src/wasm/index.ts";
import { quantile, type Row } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const ROUNDS = Number(process.argv[2] ?? 50);
const LIMIT_MS = 50;
/** With the flags of edges V8 compiles on threads that do not keep a process alive. */
const awake = setInterval(() => undefined, 1000);
const rows: Row[] = [];

const RUNAWAYS: Readonly<Record<string, string>> = {
  "empty loop": '(func (export "run") (loop $l (br $l)))',
  "recursion, doubled":
    "(func $r (param $n i32) (if (local.get $n) (then (call $r (i32.sub " +
    "(local.get $n) (i32.const 1))) (call $r (i32.sub (local.get $n) " +
    '(i32.const 1)))))) (func (export "run") (call $r (i32.const 60)))',
  "memory.fill of 64 MiB":
    '(memory 1000) (func (export "run") (loop $l (memory.fill ' +
    "(i32.const 0) (i32.const 1) (i32.const 65536000)) (br $l)))",
  "memory.copy of 32 MiB":
    '(memory 1000) (func (export "run") (loop $l (memory.copy ' +
    "(i32.const 0) (i32.const 32000000) (i32.const 32000000)) (br $l)))",
  "exceptions caught": '(tag $t) (func (export "run") (loop $l (try (do (throw $t)) (catch_all)) (br $l)))',
  "host calls":
    '(import "env" "call" (func $call (param i32))) (func (export ' +
    '"run") (loop $l (call $call (i32.const 0)) (br $l)))',
  "waits that end at once":
    '(import "env" "wait" (func $wait (param i32))) (func (export ' +
    '"run") (loop $l (call $wait (i32.const 0)) (br $l)))',
};

const hostFunctions: HostFunctions<null> = {
  env: {
    call: { suspends: false, call: () => undefined },
    wait: { suspends: true, call: () => Promise.resolve() },
  },
};
const type = { params: ["i32"], results: [] } as const;
const wabt = await createWabt();
const engine = createEngine({ hostFunctions, limits: DEFAULT_LIMITS });

for (const [name, fields] of Object.entries(RUNAWAYS)) {
  const parsed = wabt.parseWat("runaway.wat", `(module ${fields})`, { bulk_memory: true, exceptions: true });
  const bytes = new Uint8Array(parsed.toBinary({}).buffer);
  parsed.destroy();
  const options = {
    maxMemoryPages: 1024,
    maxTableEntries: 1000,
    hostImports: { env: { call: type, wait: type } },
    interruptible: true,
  };
  const program = await engine.load(rewriteModule(bytes, options));
  for (const limit of ["cpu", "wall"] as const) {
    const beyond: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) beyond.push(await overrun(program, limit));
    const row: Row = {
      what: `${name}, ${limit === "cpu" ? "CPU" : "wall"} limit`,
      value: quantile(beyond, 0.9),
      unit: "ms",
      bar: "kill",
      note: `p50 ${quantile(beyond, 0.5).toFixed(1)}, worst ${quantile(beyond, 1).toFixed(1)} ms`,
    };
    rows.push(row);
  }
  program.dispose();
}
await engine.close();
clearInterval(awake);
publish({
  name: "kill",
  title: "Runaway guests: time beyond the limit (p90)",
  command: "npm run bench -- kill",
  method:
    `Each runaway ${ROUNDS} times against a limit of ${LIMIT_MS} ms; ` +
    `CPU time beyond a CPU limit, time beyond a wall limit.`,
  rows,
});

/** Time beyond the limit that the run was charged: CPU time for a CPU limit, time for a wall limit. */
async function overrun(
  program: Awaited<ReturnType<typeof engine.load>>,
  limit: "cpu" | "wall",
): Promise<number> {
  const limits = limit === "cpu" ? { cpuMs: LIMIT_MS, wallMs: 30_000 } : { cpuMs: 30_000, wallMs: LIMIT_MS };
  const { kind, usage } = await program.run(null, limits);
  if (kind !== "fault") throw new Error(`A runaway ended as ${kind}`);
  return (limit === "cpu" ? usage.cpuMs : usage.wallMs) - LIMIT_MS;
}
