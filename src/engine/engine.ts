// Compiles modules into programs, and owns what they share: turns, deadlines, the ticker, the memory budget.
import type { Limits } from "../config/limits.ts";
import { TerrariumError } from "../errors/index.ts";
import { Deadlines } from "./running/deadlines.ts";
import { planModule } from "./instances/plan.ts";
import { MemoryBudget, type PoolLimits } from "./instances/pool.ts";
import { type SharedResources, LoadedProgram } from "./running/program.ts";
import { processTicker } from "./ticker/ticker.ts";
import { trapMapOf } from "./running/trap-map.ts";
import { Turns } from "./running/turns.ts";
import type { Engine, EngineStats, HostFunctions, LoadableModule, Program, Strategy } from "./types.ts";

const POOLS: PoolLimits = { pooledBytes: 256 * 1024 * 1024, discardedBytes: 256 * 1024 * 1024 };
/** Slots unused for this long are released. */
const TRIM_EVERY_MS = 10_000;

export interface EngineOptions<State> {
  readonly hostFunctions: HostFunctions<State>;
  readonly limits: Pick<Limits, "compileMs" | "requestsInFlight" | "startMs">;
  /** By default, 256 MiB each. */
  readonly pools?: PoolLimits;
  /**
   * If a guest cannot be ended, the engine writes the program's name to this file and kills the process. A
   * guest that continues for a second of CPU time after its kill is in host code or in V8's own code, where
   * nothing can end it.
   */
  readonly stuckFile?: string;
  /** Only to prove that the canary works: restores and wipes nothing after a run. */
  readonly leavesDirty?: boolean;
  /** Only for benchmarks and tests: uses this strategy instead of the cheapest sound one. */
  readonly strategy?: Strategy["kind"];
}

/** Creates an engine. A thread may have several; their guests share its turns. */
export function createEngine<State>(options: EngineOptions<State>): Engine<State> {
  return new ProcessEngine(options);
}

/** The run queue of this thread; there is one kill word per process. */
let threadTurns: Turns | undefined;

class ProcessEngine<State> implements Engine<State> {
  readonly #options: EngineOptions<State>;
  readonly #ticker = processTicker();
  readonly #shared: SharedResources;
  readonly #programs = new Set<LoadedProgram<State>>();
  readonly #ready: Promise<void>;
  readonly #trimmer: NodeJS.Timeout;
  #closed: Promise<void> | null = null;

  constructor(options: EngineOptions<State>) {
    this.#options = options;
    this.#ready = this.#ticker.retain(options.stuckFile ?? null);
    threadTurns ??= new Turns(this.#ticker.block);
    const ended = { returned: 0, exited: 0, fault: 0 };
    this.#shared = {
      turns: threadTurns,
      deadlines: new Deadlines(),
      budget: new MemoryBudget(options.limits.requestsInFlight, options.pools ?? POOLS),
      startMs: options.limits.startMs,
      ended,
    };
    this.#trimmer = setInterval(() => this.trim(), TRIM_EVERY_MS).unref();
  }

  async load(loadable: LoadableModule): Promise<Program<State>> {
    const [module] = await Promise.all([
      compile(loadable.bytes, this.#options.limits.compileMs),
      this.#ready,
    ]);
    const { hostFunctions, leavesDirty = false, strategy: prescribed } = this.#options;
    const plan = planModule({
      module,
      layout: loadable.layout,
      hostFunctions,
      killMemory: this.#ticker.memory,
      leavesDirty,
      prescribed,
    });
    const program: LoadedProgram<State> = new LoadedProgram(
      this.#shared,
      plan,
      { trapMap: trapMapOf(loadable), number: this.#ticker.names.add(loadable.name ?? "") },
      () => this.#programs.delete(program),
    );
    this.#programs.add(program);
    return program;
  }

  stats(): EngineStats {
    const { budget, deadlines, ended } = this.#shared;
    return {
      programs: this.#programs.size,
      inFlight: budget.running,
      waiting: deadlines.size,
      pooled: { memories: budget.pooled, bytes: budget.pooledBytes },
      ended: { ...ended },
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearInterval(this.#trimmer);
    for (const program of this.#programs) program.dispose();
    await this.#ready;
    await this.#ticker.release();
  }

  trim(): void {
    for (const program of this.#programs) program.trim();
  }
}

/** V8 compiles on its own threads and cannot be stopped there; after the limit we stop waiting for it. */
async function compile(bytes: Uint8Array, limitMs: number): Promise<WebAssembly.Module> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new TerrariumError("TER_WASM_COMPILE_TIMEOUT", { allowed: limitMs })),
    limitMs,
  );
  try {
    return await Promise.race([WebAssembly.compile(bytes), late]);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError)
      throw new TerrariumError("TER_WASM_INVALID", { reason: error.message }, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
