// What runs cost, in counters that need a few additions per run, and who takes more than a fair share of the
// edge's CPU.
import type { TerrariumError } from "../../errors/index.ts";
import type { DeploymentId } from "../../store/types.ts";
import { RUN_SECONDS } from "./series.ts";

/** How often shares are settled. */
export const WINDOW_MS = 1000;
/** A deployment that takes more of a window than this while others run too commits an offence. */
export const FAIR_CPU_MS = WINDOW_MS / 2;

/**
 * The kind of offence: a run was stopped at the CPU limit, the deployment took most of the edge from others,
 * or the edge got stuck with it.
 */
export type Offence = "cpu-limit" | "cpu-share" | "stuck";

/** What one deployment has used in the current window. */
export class DeploymentAccount {
  window = -1;
  cpuMs = 0;
  runs = 0;
  accused = false;
}

/** What a run used. */
export interface RunCost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The accounts of one edge. Call `advance` every `WINDOW_MS`. */
export class RunAccounts {
  /** Runs per bucket of `RUN_SECONDS`, and beyond the last. */
  readonly buckets = new Float64Array(RUN_SECONDS.length + 1);
  readonly faults = new Map<string, number>();
  wallMs = 0;
  cpuMs = 0;
  offences = 0;
  readonly #onOffence: (id: DeploymentId, offence: Offence) => void;
  #window = 0;
  #windowRuns = 0;

  constructor(onOffence: (id: DeploymentId, offence: Offence) => void) {
    this.#onOffence = onOffence;
  }

  /** A run is over. */
  ended(
    id: DeploymentId,
    account: DeploymentAccount,
    { wallMs, cpuMs }: RunCost,
    error: TerrariumError | null,
  ): void {
    this.wallMs += wallMs;
    this.cpuMs += cpuMs;
    let bucket = 0;
    while (bucket < RUN_SECONDS.length && wallMs > (RUN_SECONDS[bucket] ?? 0) * 1000) bucket++;
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.#windowRuns++;
    if (account.window !== this.#window) this.#begin(account);
    account.cpuMs += cpuMs;
    account.runs++;
    if (error !== null) this.#fault(id, error);
    if (account.cpuMs > FAIR_CPU_MS && !account.accused && account.runs < this.#windowRuns) {
      account.accused = true;
      this.#offend(id, "cpu-share");
    }
  }

  /** A window is over. */
  advance(): void {
    this.#window++;
    this.#windowRuns = 0;
  }

  #begin(account: DeploymentAccount): void {
    account.window = this.#window;
    account.cpuMs = 0;
    account.runs = 0;
    account.accused = false;
  }

  #fault(id: DeploymentId, error: TerrariumError): void {
    this.faults.set(error.code, (this.faults.get(error.code) ?? 0) + 1);
    if (error.code === "TER_GUEST_LIMIT" && error.details.limit === "CPU time") this.#offend(id, "cpu-limit");
  }

  #offend(id: DeploymentId, offence: Offence): void {
    this.offences++;
    this.#onOffence(id, offence);
  }
}
