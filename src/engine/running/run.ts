// One run of a program, from its first turn through suspensions to its outcome. It is the guest that
// hostcalls see.
import { fixForLimit } from "../../config/limits.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { Deadlines, Expiring } from "./deadlines.ts";
import type { ImportResult, Caller, InitRecord } from "../instances/imports.ts";
import { withRefusal } from "../instances/refused-growth.ts";
import type { Slot } from "../instances/slot.ts";
import type { KillReason } from "../ticker/control-block.ts";
import { newTrap, trapFrames, type TrapMap, trapReason } from "./traps.ts";
import type { Turns, TurnTaker } from "./turns.ts";
import type {
  HostResult,
  MemoryHolder,
  RunClient,
  RunLimits,
  RunOutcome,
  TrapFrame,
  Usage,
  WasmNumber,
} from "../types.ts";

/** What a run needs from its program. */
export interface RunProgram<State> {
  readonly turns: Turns;
  readonly deadlines: Deadlines;
  readonly trapMap: TrapMap;
  /** Of the program, for the ticker. */
  readonly number: number;
  readonly ownStack: boolean;
  readonly startMs: number;
  takeSlot(): Slot<State>;
  /** Called exactly once per run, in its slice, which pays for what restoring the slot costs. */
  giveSlot(slot: Slot<State>, tainted: boolean): void;
  /** Called exactly once per run, after the slot was returned. */
  ended(kind: RunOutcome["kind"]): void;
}

/** Time limits: their names for people, and their settings. */
const CPU_LIMIT = ["CPU time", "cpuMs"] as const;
const START_LIMIT = ["CPU time of its start function", "startMs"] as const;
const WALL_LIMIT = ["wall time", "wallMs"] as const;

/** State that most runs do not need. */
export interface RunOptions {
  readonly client?: RunClient | undefined;
  /** Only what comes before `run` is called. */
  readonly rehearses?: boolean;
}

/** Why a run ended before its code returned. */
type Ending =
  | { readonly kind: "fault"; readonly error: TerrariumError; readonly frames: readonly TrapFrame[] }
  | { readonly kind: "exited"; readonly code: number };

/** A guest that waits for a hostcall. */
interface Wait {
  readonly resolve: (value: WasmNumber | void) => void;
  readonly reject: (error: unknown) => void;
  /** The result of the hostcall, once it has one. */
  result: { readonly value: unknown } | { readonly error: unknown } | null;
}

/** See the top of the file. */
export class Run<State> implements Caller<State>, TurnTaker, Expiring {
  readonly state: State;
  readonly wallDeadlineMs: number;
  unwinding: unknown = null;
  initRecord: InitRecord<State> | null = null;
  readonly outcome: Promise<RunOutcome>;
  readonly #program: RunProgram<State>;
  readonly #limits: RunLimits;
  readonly rehearses: boolean;
  /** The result of initialization can be kept, as far as the slot knows. */
  #keeps = false;
  /** Null if there is no signal, or once we listen to it. */
  #client: RunClient | null;
  /** Told what the guest holds while it waits. */
  readonly #holder: MemoryHolder | null;
  #heldBytes = 0;
  #abortSignal: AbortSignal | null = null;
  #onAbort: (() => void) | null = null;
  readonly #beganMs = performance.now();
  #settleOutcome!: (outcome: RunOutcome) => void;
  #cpuMs = 0;
  #slot: Slot<State> | null = null;
  #entries: readonly (() => unknown)[] = [];
  #phase = 0;
  /**
   * The start function or `_initialize` is running or still to be called; their CPU time has its own limit.
   */
  #initialising = false;
  #table: WebAssembly.Table | undefined;
  #ending: Ending | null = null;
  #wait: Wait | null = null;
  /** A hostcall's promise that has not settled for this run. */
  #outstanding = 0;
  #queued = false;
  #hasTurn = false;
  #over = false;
  #controller: AbortController | null = null;

  constructor(
    program: RunProgram<State>,
    state: State,
    limits: RunLimits,
    { client, rehearses = false }: RunOptions = {},
  ) {
    this.#program = program;
    this.state = state;
    this.#limits = limits;
    this.rehearses = rehearses;
    this.#client = client ?? null;
    this.#holder = client !== undefined && "holdMemory" in client ? client : null;
    this.wallDeadlineMs = this.#beganMs + limits.wallMs;
    this.outcome = new Promise((resolve) => {
      this.#settleOutcome = resolve;
    });
    if (client !== undefined && "aborted" in client && client.aborted)
      this.#end({ kind: "fault", error: new TerrariumError("TER_GUEST_ABORTED"), frames: [] });
    this.#requestTurn();
  }

  // What hostcalls see.

  get memory(): WebAssembly.Memory | undefined {
    return this.#ownSlot().memory;
  }

  get table(): WebAssembly.Table | undefined {
    this.#ownSlot();
    return this.#table;
  }

  get exportedMalloc(): unknown {
    return this.#ownSlot().exportedMalloc;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#over) this.#controller.abort();
    return this.#controller.signal;
  }

  fault(error: TerrariumError): never {
    this.#end({ kind: "fault", error, frames: [] });
    throw this.unwinding;
  }

  checkInterrupt(): void {
    const killed = this.#program.turns.killed;
    if (killed !== null) this.fault(this.#limitReached(killed));
  }

  exit(code: number): never {
    this.#end({ kind: "exited", code });
    throw this.unwinding;
  }

  // Called by the imports.

  settle(result: HostResult, suspends: boolean): ImportResult {
    if (typeof result !== "object" || result === null) return result;
    if (!suspends)
      throw new TerrariumError("TER_INTERNAL", {
        reason: "a host function that cannot suspend returned a promise",
      });
    return this.#suspend(result);
  }

  get isKilled(): boolean {
    return this.#program.turns.killed !== null;
  }

  caught(error: unknown): unknown {
    if (this.#ending === null) this.#end(this.#endingOf(error));
    return this.unwinding;
  }

  // Called by the scheduler.

  get program(): number {
    return this.#program.number;
  }

  get cpuLeftMs(): number {
    return this.#cpuLimitMs - this.#cpuMs;
  }

  get #cpuLimitMs(): number {
    const { cpuMs } = this.#limits;
    return this.#initialising ? Math.min(cpuMs, this.#program.startMs) : cpuMs;
  }

  takeTurn(): void {
    this.#queued = false;
    this.#hasTurn = true;
    if (this.#wait !== null) this.#resume(this.#wait);
    else if (this.#ending !== null) this.#finish();
    else if (this.#slot !== null) this.#next();
    else this.#begin();
  }

  expire(): void {
    this.#stop(this.#limitReached("wall"));
  }

  /** Call when the run waits: until then nothing could tell it that the client has disconnected. */
  #heedClient(): void {
    const client = this.#client;
    if (client === null) return;
    this.#client = null;
    this.#abortSignal = "signal" in client ? client.signal : client;
    this.#onAbort = () => this.#stop(new TerrariumError("TER_GUEST_ABORTED"));
    if (this.#abortSignal.aborted) this.#onAbort();
    else this.#abortSignal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Ends the run from outside: a waiting guest is resumed to unwind; one that has not started never does. */
  #stop(error: TerrariumError): void {
    if (this.#over || this.#ending !== null) return;
    this.#end({ kind: "fault", error, frames: [] });
    if (!this.#hasTurn) this.#requestTurn();
  }

  #requestTurn(): void {
    if (this.#queued) return;
    this.#queued = true;
    if (this.#slot === null) this.#program.turns.begin(this);
    else this.#program.turns.resume(this);
    if (!this.#queued) return;
    this.#program.deadlines.add(this);
    this.#heedClient();
  }

  #begin(): void {
    try {
      this.#slot = this.#program.takeSlot();
      this.#slot.current = this;
      const { entries, table, initRecord, replays } = this.#slot.makeFresh();
      this.#entries = entries;
      this.#table = table;
      this.#keeps = initRecord !== null;
      this.initRecord = initRecord ?? (this.rehearses ? { varying: null, replays: [] } : null);
      for (const replay of replays) replay(this);
      // A new instance takes one uninterruptible step, which may use up the limit.
      this.checkInterrupt();
    } catch (error) {
      return this.#threw(error);
    }
    if (this.rehearses && this.#entries.length === 1) this.#finish();
    else if (this.#entries.length === 1) this.#next();
    else this.#changeLimit({ initialising: true });
  }

  /** Calls the entry points in turn: the former start function, `_initialize`, `run`. */
  readonly #next = (): void => {
    for (
      let entry = this.#entries[this.#phase++];
      this.#ending === null && entry !== undefined;
      entry = this.#entries[this.#phase++]
    ) {
      try {
        if (this.#initialising && this.#phase === this.#entries.length) return this.#initialised();
        const returned = entry();
        if (this.#program.ownStack) return void (returned as Promise<unknown>).then(this.#next, this.#threw);
      } catch (error) {
        return this.#threw(error);
      }
    }
    this.#finish();
  };

  /** A slice has one limit from its beginning. */
  #changeLimit({ initialising }: { readonly initialising: boolean }): void {
    this.#endSlice();
    this.#initialising = initialising;
    this.#requestTurn();
  }

  /** The next call is `run`. */
  #initialised(): void {
    const record = this.initRecord;
    this.initRecord = null;
    if (record !== null && this.#keeps) this.#slot?.keep(record);
    if (this.rehearses) return this.#finish();
    this.#phase -= 1;
    this.#changeLimit({ initialising: false });
  }

  readonly #threw = (error: unknown): void => {
    if (this.#ending === null) this.#end(this.#endingOf(error));
    this.#finish();
  };

  #suspend(promise: Promise<unknown>): Promise<WasmNumber | void> {
    this.#outstanding += 1;
    this.#chargeMemory(promise);
    const { promise: waiting, resolve, reject } = Promise.withResolvers<WasmNumber | void>();
    const wait: Wait = { resolve, reject, result: null };
    this.#wait = wait;
    this.#endSlice();
    this.#program.deadlines.add(this);
    promise.then(
      (value) => this.#settled(wait, { value }),
      (error: unknown) => this.#settled(wait, { error }),
    );
    this.#heedClient();
    if (this.#ending !== null) this.#requestTurn();
    return waiting;
  }

  /**
   * One guest runs at a time, so memory adds up only while guests wait. Throws if there is no room: a guest
   * that waited for its end would hold the memory until every guest ahead of it has had its turn.
   */
  #chargeMemory(promise: Promise<unknown>): void {
    const bytes = this.#slot?.memoryBytes ?? 0;
    if (this.#holder === null || bytes === this.#heldBytes) return;
    try {
      this.#holder.holdMemory(bytes);
      this.#heldBytes = bytes;
    } catch (error) {
      promise.catch(() => undefined);
      throw error;
    }
  }

  #settled(wait: Wait, result: NonNullable<Wait["result"]>): void {
    this.#outstanding -= 1;
    if (this.#wait !== wait) return;
    wait.result = result;
    this.#requestTurn();
  }

  #resume(wait: Wait): void {
    this.#wait = null;
    try {
      if (this.#ending !== null || wait.result === null) throw this.unwinding;
      wait.resolve(resultOf(wait.result));
    } catch (error) {
      wait.reject(this.caught(error));
    }
  }

  /** A waiting guest that has used up its time is not resumed; one that has returned made it in time. */
  #endSlice(): void {
    const { cpuMs, killed } = this.#program.turns.end();
    this.#hasTurn = false;
    this.#cpuMs += cpuMs;
    const reason = killed ?? (this.cpuLeftMs <= 0 ? "cpu" : null);
    if (reason !== null && this.#wait !== null)
      this.#end({ kind: "fault", error: this.#limitReached(reason), frames: [] });
  }

  #end(ending: Ending): void {
    if (this.#ending !== null) return;
    this.unwinding = newTrap();
    this.#ending =
      ending.kind === "fault" && ending.frames.length === 0
        ? { ...ending, frames: trapFrames(this.unwinding, this.#program.trapMap) }
        : ending;
  }

  /** Interprets an error thrown by guest code or by a host function. */
  #endingOf(error: unknown): Ending {
    const frames = trapFrames(error, this.#program.trapMap);
    const killed = this.#hasTurn ? this.#program.turns.killed : null;
    if (killed !== null) return { kind: "fault", error: this.#limitReached(killed), frames };
    if (error instanceof TerrariumError) return { kind: "fault", error, frames };
    const trap = trapReason(error);
    if (trap !== null)
      return { kind: "fault", error: new TerrariumError("TER_GUEST_TRAP", { trap }), frames };
    return {
      kind: "fault",
      error: new TerrariumError("TER_INTERNAL", { reason: String(error) }, { cause: error }),
      frames,
    };
  }

  #limitReached(reason: KillReason): TerrariumError {
    const allowedMs = reason === "cpu" ? this.#cpuLimitMs : this.#limits.wallMs;
    const usedMs = reason === "cpu" ? Math.max(this.#cpuMs, allowedMs) : performance.now() - this.#beganMs;
    const [limit, name] =
      reason === "wall" ? WALL_LIMIT : allowedMs < this.#limits.cpuMs ? START_LIMIT : CPU_LIMIT;
    const fix = fixForLimit(name, allowedMs);
    return new TerrariumError("TER_GUEST_LIMIT", {
      limit,
      used: `${Math.round(usedMs)} ms`,
      allowed: `${allowedMs} ms`,
      fix,
    });
  }

  #finish(): void {
    this.#nameRefusedGrowth();
    const memoryBytes = this.#slot?.memory?.buffer.byteLength ?? 0;
    this.#returnSlot();
    this.#endSlice();
    this.#over = true;
    this.#program.deadlines.delete(this);
    if (this.#onAbort !== null) this.#abortSignal?.removeEventListener("abort", this.#onAbort);
    const usage: Usage = { wallMs: performance.now() - this.#beganMs, cpuMs: this.#cpuMs, memoryBytes };
    const outcome: RunOutcome =
      this.#ending === null ? { kind: "returned", usage } : { ...this.#ending, usage };
    this.#controller?.abort();
    this.#program.ended(outcome.kind);
    this.#settleOutcome(outcome);
  }

  #returnSlot(): void {
    const slot = this.#slot;
    this.#slot = null;
    if (slot !== null) this.#program.giveSlot(slot, this.#outstanding > 0);
  }

  /** A program that was refused memory ends in its own trap or panic, which does not mention the limit. */
  #nameRefusedGrowth(): void {
    if (this.#ending?.kind !== "fault") return;
    const refusal = this.#slot?.refusedGrowth ?? null;
    if (refusal !== null) this.#ending = { ...this.#ending, error: withRefusal(this.#ending.error, refusal) };
  }

  #ownSlot(): Slot<State> {
    if (this.#slot !== null && this.#hasTurn) return this.#slot;
    throw new TerrariumError("TER_INTERNAL", {
      reason: "a hostcall touched its guest outside of the guest's turn",
    });
  }
}

/** The value that resumes the guest; a completion produces it here, in the guest's turn. */
function resultOf(result: NonNullable<Wait["result"]>): WasmNumber | void {
  if ("error" in result) throw result.error;
  const value = typeof result.value === "function" ? (result.value as () => unknown)() : result.value;
  if (typeof value === "object" && value !== null) throw new TypeError("A hostcall resolved to an object");
  return value as WasmNumber | void;
}
