// The canary: guests that hide secrets wherever they can write, end in every possible way, and look for
// anything that an earlier run left behind. The unit tests run it briefly; `scripts/canary.ts` runs it with a
// million requests.
import { setImmediate } from "node:timers/promises";
import { IMPORT_KILL, IMPORT_MEMORY, loadWat, type TestState, withEngine } from "./fixtures.ts";
import type { Engine, Guest, Program, RunLimits, RunOutcome } from "../types.ts";

/** The result of a canary run. */
export interface CanaryReport {
  readonly runs: number;
  /** Traces of earlier runs; empty if the defences hold. */
  readonly leaks: readonly string[];
  readonly endings: Readonly<Record<string, number>>;
  readonly strategies: readonly string[];
}

export interface CanaryOptions {
  readonly count: number;
  readonly seed: number;
  /** Restores nothing: proves that the canary finds a leak. */
  readonly leavesDirty?: boolean;
}

/** Ways to end; the guest gets the index. The rare ones cost milliseconds. */
const ENDINGS = [
  "return",
  "trap",
  "exit",
  "panic",
  "swallow",
  "wait",
  "reject",
  "abort",
  "grow",
  "overflow",
  "loop",
] as const;
const RARE: ReadonlySet<string> = new Set(["overflow", "loop"]);
const RARE_EVERY = 500;

const CONCURRENT_RUNS = 8;
const LIMITS: RunLimits = { cpuMs: 20, wallMs: 5000 };

const PARTS = `
  (import "env" "log" (func $log (param i32)))
  (import "env" "call" (func $call (param i32) (result i32)))
  (import "env" "wait" (func $wait (param i32) (result i32)))
  (import "env" "exit" (func $exit (param i32)))
  (import "env" "panic" (func $panic (param i32)))`;

const BODY = `
  (global $i32 (export "terrarium:global:0") (mut i32) (i32.const 11))
  (global $i64 (export "terrarium:global:1") (mut i64) (i64.const 12))
  (global $f32 (export "terrarium:global:2") (mut f32) (f32.const 13))
  (global $f64 (export "terrarium:global:3") (mut f64) (f64.const 14))
  (func $deep (call $deep) (call $deep))
  (func $end (param $how i32)
    (block $return (block $loop (block $overflow (block $grow (block $abort (block $reject (block $wait_
      (block $swallow (block $panic_ (block $exit_ (block $trap
      (br_table $return $trap $exit_ $panic_ $swallow $wait_ $reject $abort $grow $overflow $loop
        (local.get $how)))
      unreachable)
      (call $exit (i32.const 3)) (return))
      (call $panic (i32.const 4)) (return))
      (try (do (call $panic (i32.const 5))) (catch_all)) (return))
      (drop (call $wait (i32.const 0))) (return))
      (drop (call $wait (i32.const 1))) (return))
      (drop (call $wait (i32.const 2))) (return))
      (drop (memory.grow (i32.const 1))) (i32.store (i32.const 70000) (global.get $i32)) (return))
      (call $deep) (return))
      (loop $again (if (i32.lt_s (i32.load $kill (i32.const 0)) (i32.const 0)) (then unreachable))
        (br $again))))
  (func (export "run") (local $secret i32) (local $how i32)
    ;; What is left of earlier runs: the host looks at the memory, the guest tells its globals.
    (local.set $secret (call $call (i32.const -1)))
    (call $log (global.get $i32)) (call $log (i32.wrap_i64 (global.get $i64)))
    (call $log (i32.trunc_f32_s (global.get $f32))) (call $log (i32.trunc_f64_s (global.get $f64)))
    (call $log (memory.size))
    (local.set $how (call $call (i32.const -2)))
    (global.set $i32 (local.get $secret)) (global.set $i64 (i64.extend_i32_u (local.get $secret)))
    (global.set $f32 (f32.convert_i32_u (local.get $secret))) (global.set $f64 (f64.convert_i32_u
      (local.get $secret)))
    (i32.store (i32.const 0) (local.get $secret)) (i32.store (i32.const 1024) (local.get $secret)) (i32.store
      (i32.const 65532) (local.get $secret))
    (i32.store (i32.and (local.get $secret) (i32.const 0xfffc)) (local.get $secret))
    (call $spoil)
    (call $end (local.get $how)))`;

/** One guest for each strategy for fresh state. */
const GUESTS: readonly string[] = [
  `(module ${PARTS} ${IMPORT_MEMORY} ${IMPORT_KILL} (data (i32.const 1024) "initial") (func $spoil) ${BODY})`,
  `(module ${PARTS} ${IMPORT_MEMORY.replace("1 4", "2 4")} ${IMPORT_KILL} (table 4 funcref)
    (elem declare func $deep) (data $passive "passive")
     (func $spoil
       (if (ref.is_null (table.get (i32.const 2))) (then) (else (call $log (i32.const 999))))
       (table.set (i32.const 2) (ref.func $deep))
       (memory.init $passive (i32.const 8) (i32.const 0) (i32.const 7)) (data.drop $passive)) ${BODY})`,
  `(module ${PARTS} ${IMPORT_MEMORY} ${IMPORT_KILL} (data (i32.const 1024) "initial") (func $spoil)
     (func (export "terrarium:start") (i32.store (i32.const 5000) (i32.const 77)) (global.set $i64
       (i64.const 12))) ${BODY})`,
];

/** Runs all guests in turn, several at once. */
export async function runCanary(options: CanaryOptions): Promise<CanaryReport> {
  return withEngine((engine) => new Canary(engine, options).run(), {
    leavesDirty: options.leavesDirty === true,
  });
}

/** A guest program and the state after its first run. */
interface Subject {
  readonly program: Program<TestState>;
  pristine: Buffer | null;
  globals: string | null;
}

class Canary {
  readonly #engine: Engine<TestState>;
  readonly #options: CanaryOptions;
  readonly #random: () => number;
  readonly #leaks = new Set<string>();
  readonly #endings: Record<string, number> = {};
  #subjects: Subject[] = [];
  #begun = 0;

  constructor(engine: Engine<TestState>, options: CanaryOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#random = mulberry32(options.seed);
  }

  async run(): Promise<CanaryReport> {
    this.#subjects = await Promise.all(
      GUESTS.map(async (text) => ({
        program: await loadWat(this.#engine, text),
        pristine: null,
        globals: null,
      })),
    );
    await Promise.all(Array.from({ length: CONCURRENT_RUNS }, () => this.#repeat()));
    return {
      runs: this.#begun,
      leaks: [...this.#leaks],
      endings: this.#endings,
      strategies: this.#subjects.map(({ program }) => program.strategy.kind),
    };
  }

  async #repeat(): Promise<void> {
    while (this.#begun < this.#options.count && this.#leaks.size < 10) {
      const subject = this.#subjects[this.#begun++ % this.#subjects.length];
      if (subject !== undefined) await this.#one(subject);
    }
  }

  async #one(subject: Subject): Promise<void> {
    const how = this.#chooseEnding();
    const client = new AbortController();
    const state: TestState = {
      log: [],
      call: (guest, question) => (question === -1 ? this.#inspect(subject, guest) : ENDINGS.indexOf(how)),
      wait: async (_, value) => {
        if (value === 1) throw new Error("refused");
        await setImmediate();
        if (value === 2) client.abort();
        return () => 0;
      },
    };
    const outcome = await subject.program.run(state, LIMITS, client.signal);
    this.#endings[how] = (this.#endings[how] ?? 0) + 1;
    this.#compare(subject, state, `${how}: ${outcome.kind}`);
    if (!endedAs(how, outcome))
      this.#leaks.add(
        `${how} ended as ${outcome.kind} ${outcome.kind === "fault" ? outcome.error.message : ""}`,
      );
  }

  #chooseEnding(): (typeof ENDINGS)[number] {
    const how = ENDINGS[this.#random() % ENDINGS.length] ?? "return";
    return RARE.has(how) && this.#random() % RARE_EVERY !== 0 ? "return" : how;
  }

  /** Compares the whole memory with that of the first run; returns a new secret. */
  #inspect(subject: Subject, guest: Guest<TestState>): number {
    const memory = Buffer.from(guest.memory?.buffer ?? new ArrayBuffer());
    subject.pristine ??= Buffer.from(memory);
    if (Buffer.compare(memory, subject.pristine) !== 0)
      this.#leaks.add("memory differs from that of a first run");
    return this.#random() | 1;
  }

  #compare(subject: Subject, state: TestState, how: string): void {
    const globals = state.log.join();
    subject.globals ??= globals;
    if (subject.globals !== globals)
      this.#leaks.add(`globals or table differ from those of a first run (${how})`);
  }
}

function endedAs(how: string, outcome: RunOutcome): boolean {
  if (how === "exit") return outcome.kind === "exited";
  return outcome.kind === (["return", "wait", "grow"].includes(how) ? "returned" : "fault");
}

/** A small seeded generator, so that a failure can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
