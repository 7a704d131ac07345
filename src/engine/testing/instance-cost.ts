// For tests: programs whose fresh state is expensive, and what the platform spends on them beside what it
// charges.
import { rewriteModule } from "../../wasm/index.ts";
import { ownCpuClockMs } from "../ticker/cpu-clock.ts";
import { AMPLE, assembleWat, TEST_TYPES, testState, withEngine } from "./fixtures.ts";

/** What one program costs, per request, in ms of CPU time. */
export interface InstanceCost {
  readonly usedMs: number;
  readonly chargedMs: number;
  /** How its state is made fresh. */
  readonly strategy: string;
}

/** What makes a fresh state expensive. */
export interface InstanceParts {
  readonly pages: number;
  /** Pages that the start function adds, and whether it writes to each. */
  readonly startPages: number;
  readonly startWrites: boolean;
  /** Pages that `run` adds. */
  readonly runPages: number;
  readonly tables: number;
  readonly tableEntries: number;
  readonly segments: number;
  readonly segmentEntries: number;
  readonly exports: number;
  readonly globals: number;
  readonly dataBytes: number;
  /** An instance whose tables change cannot be kept. */
  readonly writesTable: boolean;
}

/** Parts in the range that deploys accept, most of them small and a few as large as can be. */
export function randomInstanceParts(random: () => number): InstanceParts {
  const upTo = (most: number): number => Math.floor(most * (random() < 0.3 ? 1 : random() ** 6));
  const tables = 1 + upTo(20);
  const tableEntries = 1 + upTo(Math.floor(10_000 / tables) - 1);
  const segments = upTo(127);
  return {
    pages: 1 + upTo(1000),
    startPages: upTo(1000),
    startWrites: random() < 0.5,
    runPages: upTo(1000),
    tables,
    tableEntries,
    segments,
    segmentEntries: Math.min(tableEntries, Math.floor(99_000 / Math.max(1, segments))),
    exports: upTo(9_000),
    globals: upTo(5_000),
    dataBytes: upTo(60_000),
    writesTable: random() < 0.5,
  };
}

/** Averages over `runs` requests, after a first one that may initialize what is kept. */
export async function instanceCost(parts: InstanceParts, runs: number): Promise<InstanceCost> {
  const rewritten = rewriteModule(assembleWat(textOf(parts)), {
    maxMemoryPages: 1024,
    maxTableEntries: 10_000,
    hostImports: TEST_TYPES,
    interruptible: true,
  });
  return withEngine(async (engine) => {
    const program = await engine.load(rewritten);
    await program.run(testState(), AMPLE);
    const beganMs = ownCpuClockMs();
    let chargedMs = 0;
    for (let run = 0; run < runs; run += 1) chargedMs += (await program.run(testState(), AMPLE)).usage.cpuMs;
    const usedMs = ownCpuClockMs() - beganMs;
    return { usedMs: usedMs / runs, chargedMs: chargedMs / runs, strategy: program.strategy.kind };
  });
}

/** More than enough for other work in the same process to pause once. */
const MEASURES = 16;

/** As `instanceCost`, measured until it holds: other work only makes a program look as if it paid less. */
export async function settledCost(
  parts: InstanceParts,
  runs: number,
  holds: (cost: InstanceCost) => boolean = isCharged,
): Promise<InstanceCost> {
  let cost = await instanceCost(parts, runs);
  for (let again = 1; again < MEASURES && !holds(cost); again += 1) cost = await instanceCost(parts, runs);
  return cost;
}

/**
 * Whether a program pays for its fresh state. V8 frees discarded memories later, for nobody: that takes a
 * fifth of what writing to them took, which is charged.
 */
export function isCharged({ usedMs, chargedMs }: InstanceCost): boolean {
  return usedMs <= 2 + 1.5 * chargedMs;
}

function textOf(parts: InstanceParts): string {
  const repeat = (count: number, text: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => text(index)).join(" ");
  const elements = "$f ".repeat(parts.segmentEntries);
  const segment = (table: number) => `(elem (table ${table}) (i32.const 0) func ${elements})`;
  return `(module (memory ${parts.pages} 1024) (func $f) (elem declare func $f) (start $start)
    ${repeat(parts.tables, () => `(table ${parts.tableEntries} funcref)`)}
    ${repeat(parts.segments, (index) => segment(index % parts.tables))}
    ${repeat(parts.exports, (index) => `(func (export "e${index}"))`)}
    ${repeat(parts.globals, () => "(global (mut i32) (i32.const 1))")}
    ${parts.dataBytes === 0 ? "" : `(data (i32.const 0) "${"x".repeat(parts.dataBytes)}")`}
    (func $touch (param $from i32) (param $to i32) (loop $l
      (i32.store (local.get $from) (i32.const 1))
      (local.set $from (i32.add (local.get $from) (i32.const 4096)))
      (br_if $l (i32.lt_u (local.get $from) (local.get $to)))))
    (func $start (drop (memory.grow (i32.const ${parts.startPages})))
      ${parts.startWrites ? "(call $touch (i32.const 0) (i32.shl (memory.size) (i32.const 16)))" : ""})
    (func (export "run") (drop (memory.grow (i32.const ${parts.runPages})))
      ${parts.writesTable ? "(table.set (i32.const 0) (ref.func $f))" : ""}))`;
}
