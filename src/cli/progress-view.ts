// A deploy as a person watches it: one line for each phase that ended, with its time.
import type { DeployEventView, DeployPhase } from "../api/index.ts";
import { clockText } from "./clock.ts";
import type { Terminal } from "./terminal.ts";

/** What a phase is called when it has ended well, and when it failed. */
const LABELS: Readonly<Record<DeployPhase, readonly [done: string, failed: string]>> = {
  upload: ["read the archive", "reading the archive failed"],
  queue: ["waited for a compiler", "waiting for a compiler failed"],
  compile: ["compiled", "compiling failed"],
  check: ["checked the module", "checking the module failed"],
  native: ["generated machine code", "generating machine code failed"],
  health: ["answers", "does not answer"],
};

type PhaseEnd = Extract<DeployEventView, { event: "phase-end" }>;

/** Writes events to stderr; `--quiet` leaves out all but compiler output. */
export class ProgressView {
  readonly #terminal: Terminal;
  /** A phase that ended; whether it failed is known with the next event. */
  #ended: PhaseEnd | null = null;
  /** Whether a compiler has printed anything. */
  hasOutput = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(event: DeployEventView): void {
    const terminal = this.#terminal;
    this.#showEnded(event.event === "failed");
    switch (event.event) {
      case "accepted":
        terminal.detail(event.id);
        break;
      case "output":
        this.hasOutput ||= event.text.trim() !== "";
        terminal.output(event.text);
        break;
      case "phase":
        if (event.phase === "queue") terminal.notice(`  ${event.label}`);
        terminal.waitFor(event.label);
        break;
      case "phase-end":
        this.#ended = event;
        break;
      case "live":
        terminal.waitFor(null);
        terminal.notice(
          `  ${terminal.style("green", "live")} after ${formatMs(event.atMs)}, ${leftOf(event)}`,
        );
        break;
      case "failed":
        terminal.waitFor(null);
    }
  }

  #showEnded(failed: boolean): void {
    const ended = this.#ended;
    this.#ended = null;
    if (ended === null) return;
    const terminal = this.#terminal;
    const [mark, color] = failed ? (["✗", "red"] as const) : (["✓", "green"] as const);
    const label = LABELS[ended.phase][failed ? 1 : 0];
    const time = terminal.style("dim", formatMs(ended.ms).padStart(8));
    terminal.notice(`  ${terminal.style(color, mark)} ${label.padEnd(30)}${time}`);
  }
}

function leftOf({ deployment }: Extract<DeployEventView, { event: "live" }>): string {
  return deployment.expiresAt === null
    ? "never expires"
    : `until ${clockText(Date.parse(deployment.expiresAt))}`;
}

function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
