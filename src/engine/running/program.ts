// A loaded module: its plan, its pool, and the map for reading traps.
import type { TerrariumError } from "../../errors/index.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Plan } from "../instances/plan.ts";
import { type MemoryBudget, SlotPool } from "../instances/pool.ts";
import { Run, type RunProgram, type RunOptions } from "./run.ts";
import { Slot } from "../instances/slot.ts";
import { ownCpuClockMs } from "../ticker/cpu-clock.ts";
import type { TrapMap } from "./traps.ts";
import type { Turns } from "./turns.ts";
import type { Program, RunClient, RunLimits, RunOutcome, Strategy } from "../types.ts";

/** Other work only adds to what an instance takes, so the least of a few measurements counts. */
const MEASURES = 5;

/** What the programs of an engine share. */
export interface SharedResources {
  readonly turns: Turns;
  readonly deadlines: Deadlines;
  readonly budget: MemoryBudget;
  /** CPU time that start function and `_initialize` may use. */
  readonly startMs: number;
  /** Counts ended runs by outcome. */
  readonly ended: Record<RunOutcome["kind"], number>;
}

/** What distinguishes a program, besides its plan. */
export interface Identity {
  readonly trapMap: TrapMap;
  /** The name by which the ticker knows it. */
  readonly number: number;
}

/** See `Program`. */
export class LoadedProgram<State> implements Program<State>, RunProgram<State> {
  readonly turns: Turns;
  readonly deadlines: Deadlines;
  readonly trapMap: TrapMap;
  readonly number: number;
  readonly ownStack: boolean;
  readonly startMs: number;
  inFlight = 0;
  readonly #shared: SharedResources;
  readonly #plan: Plan<State>;
  readonly #pool: SlotPool<State>;
  readonly #onDispose: () => void;

  constructor(
    shared: SharedResources,
    plan: Plan<State>,
    { trapMap, number }: Identity,
    onDispose: () => void,
  ) {
    this.turns = shared.turns;
    this.deadlines = shared.deadlines;
    this.trapMap = trapMap;
    this.number = number;
    this.ownStack = plan.ownStack;
    this.startMs = shared.startMs;
    this.#shared = shared;
    this.#plan = plan;
    this.#pool = new SlotPool(plan, shared.budget);
    this.#onDispose = onDispose;
  }

  get strategy(): Strategy {
    return this.#plan.strategy;
  }

  get initialises(): boolean {
    const { start, initialize } = this.#plan.layout;
    return start || initialize;
  }

  run(state: State, limits: RunLimits, client?: RunClient): Promise<RunOutcome> {
    return this.#begin(state, limits, { client });
  }

  rehearse(state: State, limits: RunLimits): Promise<RunOutcome> {
    return this.#begin(state, limits, { rehearses: true });
  }

  #begin(state: State, limits: RunLimits, options: RunOptions): Promise<RunOutcome> {
    try {
      this.#shared.budget.admit();
    } catch (error) {
      return Promise.resolve(refusal(error as TerrariumError));
    }
    this.inFlight += 1;
    return new Run(this, state, limits, options).outcome;
  }

  takeSlot(): Slot<State> {
    return this.#pool.take();
  }

  giveSlot(slot: Slot<State>, tainted: boolean): void {
    this.#pool.give(slot, tainted);
  }

  ended(kind: RunOutcome["kind"]): void {
    this.inFlight -= 1;
    this.#shared.budget.running -= 1;
    this.#shared.ended[kind] += 1;
  }

  measureInstance(enoughMs: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < MEASURES && least > enoughMs; attempt += 1)
      least = Math.min(
        least,
        timeOf(() => new Slot(this.#plan).makeFresh()),
      );
    return least;
  }

  /** Releases slots that were not needed lately. */
  trim(): void {
    this.#pool.trim();
  }

  dispose(): void {
    this.#pool.dispose();
    this.#onDispose();
  }
}

/** CPU time of one step; the time that passed, if that is less than the coarse clock says. */
function timeOf(step: () => void): number {
  const [beganMs, cpuMs] = [performance.now(), ownCpuClockMs()];
  try {
    step();
  } catch {
    // A segment that does not fit fails each request, which says so.
    return 0;
  }
  return Math.min(performance.now() - beganMs, ownCpuClockMs() - cpuMs);
}

function refusal(error: TerrariumError): RunOutcome {
  return { kind: "fault", error, frames: [], usage: { wallMs: 0, cpuMs: 0, memoryBytes: 0 } };
}
