// The progress of a running deploy: phases with times and compiler output, kept for late listeners.
import type { DeployEventView, DeployPhase } from "../../api/index.ts";
import type { TerrariumError } from "../../errors/index.ts";
import type { DeploymentRecord } from "../../store/types.ts";

/** One event of a deploy; `atMs` counts from its start. */
export type DeployEvent =
  | Exclude<DeployEventView, { readonly event: "live" | "failed" }>
  | { readonly event: "live"; readonly atMs: number; readonly record: DeploymentRecord }
  | {
      readonly event: "failed";
      readonly atMs: number;
      readonly record: DeploymentRecord;
      readonly error: TerrariumError;
    };

/** `DeployEvent` without its time. */
export type DeployStep = DeployEvent extends infer Event
  ? Event extends DeployEvent
    ? Omit<Event, "atMs">
    : never
  : never;

/** Events of one deploy: every listener gets all of them, from the first. */
export class Progress {
  readonly #events: DeployEvent[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #startedMs: number;
  readonly #now: () => number;
  #phase: { readonly name: DeployPhase; readonly label: string; readonly sinceMs: number } | null = null;

  constructor(now: () => number) {
    this.#now = now;
    this.#startedMs = now();
  }

  /**
   * Ends the current phase, if any, and begins the next. The same phase continues; a new queue position is
   * reported.
   */
  begin(phase: DeployPhase, label: string, queuePosition: number | null = null): void {
    if (this.#phase?.name === phase && (phase !== "queue" || this.#phase.label === label)) return;
    if (this.#phase?.name !== phase) this.#endPhase();
    this.#phase = { name: phase, label, sinceMs: this.#phase?.sinceMs ?? this.#now() };
    this.#add({ event: "phase", atMs: this.#elapsed(), phase, label, queuePosition });
  }

  /** Adds compiler output or the end of the deploy, which also ends the current phase. */
  add(step: DeployStep): void {
    if (step.event === "live" || step.event === "failed") this.#endPhase();
    this.#add({ ...step, atMs: this.#elapsed() } as DeployEvent);
  }

  /** All events so far and to come; ends after `live` or `failed`, or when the signal aborts. */
  async *events(signal?: AbortSignal): AsyncGenerator<DeployEvent> {
    for (let next = 0; ;) {
      const event = this.#events[next];
      if (signal?.aborted === true) return;
      if (event === undefined) {
        await this.#wait(signal);
        continue;
      }
      next += 1;
      yield event;
      if (event.event === "live" || event.event === "failed") return;
    }
  }

  #endPhase(): void {
    if (this.#phase === null) return;
    const { name, sinceMs } = this.#phase;
    this.#phase = null;
    this.#add({ event: "phase-end", atMs: this.#elapsed(), phase: name, ms: round(this.#now() - sinceMs) });
  }

  #add(event: DeployEvent): void {
    this.#events.push(event);
    for (const wake of this.#listeners) wake();
  }

  #elapsed(): number {
    return round(this.#now() - this.#startedMs);
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#listeners.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#listeners.add(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
