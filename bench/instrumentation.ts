// What the checks cost in optimised code: each original kernel against its rewritten form, calls interleaved
// in one run, medians. Run by `node bin/node26.mjs --no-liftoff bench/instrumentation.ts`; bars of
// docs/SPECIFICATION.md: geometric mean at most 6 %, none above 20 %, recursion at most 60 %.
import createWabt from "wabt";
import { rewriteModule } from "../src/wasm/index.ts";
import { median, type Row } from "./report/figure.ts";
import { publish } from "./report/publish.ts";
import { KERNELS, type Kernel } from "./instrumentation-kernels.ts";

const ROUNDS = Number(process.argv[2] ?? 41);
const wabt = await createWabt();

type Go = (argument: number) => number;

interface Result {
  readonly kernel: Kernel;
  readonly plainMs: number;
  readonly rewrittenMs: number;
  readonly checks: number;
}

function assemble(kernel: Kernel): Uint8Array<ArrayBuffer> {
  const parsed = wabt.parseWat(`${kernel.name}.wat`, `(module ${kernel.fields} (func (export "run")))`, {
    bulk_memory: true,
    sat_float_to_int: true,
  });
  const bytes = new Uint8Array(parsed.toBinary({}).buffer);
  parsed.destroy();
  return bytes;
}

function measure(kernel: Kernel): Result {
  const bytes = assemble(kernel);
  const { bytes: rewritten, layout } = rewriteModule(bytes, {
    maxMemoryPages: 1024,
    maxTableEntries: 1000,
    hostImports: {},
    interruptible: true,
  });
  const kill = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const engine: Record<string, WebAssembly.Memory> = { kill };
  if (layout.memory !== null)
    engine["memory"] = new WebAssembly.Memory({
      initial: layout.memory.initialPages,
      maximum: layout.memory.maximumPages,
    });
  const plain: Go = start(bytes, {});
  const checked: Go = start(rewritten, { terrarium: engine });
  if (plain(kernel.argument) !== checked(kernel.argument)) throw new Error(`${kernel.name}: results differ`);
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const which of order)
      times[which as 0 | 1].push(time(which === 0 ? plain : checked, kernel.argument));
  }
  return { kernel, plainMs: median(times[0]), rewrittenMs: median(times[1]), checks: layout.checks };
}

function start(bytes: Uint8Array<ArrayBuffer>, imports: WebAssembly.ImportObject): Go {
  const { go } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
  if (typeof go !== "function") throw new TypeError("no kernel");
  return go as unknown as Go;
}

function time(go: Go, argument: number): number {
  const since = performance.now();
  go(argument);
  return performance.now() - since;
}

const percent = (ratio: number): number => (ratio - 1) * 100;

const results = KERNELS.map(measure);
const rows = results.map(({ kernel, plainMs, rewrittenMs, checks }): Row => ({
  what: kernel.recursion ? `${kernel.name} (recursion)` : kernel.name,
  value: percent(rewrittenMs / plainMs),
  unit: "%",
  bar: kernel.recursion ? "interruptionRecursion" : "interruptionKernel",
  note: `${plainMs.toFixed(2)} ms, with ${checks} checks ${rewrittenMs.toFixed(2)} ms`,
}));
const loops = results
  .filter(({ kernel }) => !kernel.recursion)
  .map(({ plainMs, rewrittenMs }) => rewrittenMs / plainMs);
const mean = Math.exp(loops.reduce((sum, ratio) => sum + Math.log(ratio), 0) / loops.length);
publish({
  name: "instrumentation",
  title: "What interruption costs, in optimised code",
  command: "npm run bench -- instrumentation",
  method: `Each kernel against itself rewritten, ${ROUNDS} interleaved calls, medians.`,
  rows: [
    {
      what: `geometric mean of ${loops.length} kernels`,
      value: percent(mean),
      unit: "%",
      bar: "interruption",
    },
    ...rows,
  ],
});
