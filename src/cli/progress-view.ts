// A deploy as people watch it: one line per phase, with its duration.
import type { DeployEventView, DeployPhase } from "../api/index.ts";
import type { Terminal } from "./terminal.ts";

const LABELS: Readonly<Record<DeployPhase, string>> = {
  upload: "read the archive",
  queue: "waited for a compiler",
  compile: "compiled",
  check: "checked the module",
  native: "generated machine code",
  health: "answers",
};

/** Writes an event to stderr; `--quiet` omits everything but compiler output. */
export function showDeployEvent(terminal: Terminal, event: DeployEventView): void {
  if (event.event === "output")
    process.stderr.write(event.text.endsWith("\n") ? event.text : `${event.text}\n`);
  else if (event.event === "accepted") terminal.detail(`${event.id}`);
  else if (event.event === "phase" && event.phase === "queue") terminal.notice(`  ${event.label}`);
  else if (event.event === "phase-end") {
    const time = terminal.style("dim", `${formatMs(event.ms)}`.padStart(8));
    terminal.notice(`  ${terminal.style("green", "✓")} ${LABELS[event.phase].padEnd(24)}${time}`);
  } else if (event.event === "live") {
    const left =
      event.deployment.expiresAt === null
        ? "never expires"
        : `until ${new Date(event.deployment.expiresAt).toLocaleTimeString()}`;
    terminal.notice(`  ${terminal.style("green", "live")} after ${formatMs(event.atMs)}, ${left}`);
  }
}

function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
