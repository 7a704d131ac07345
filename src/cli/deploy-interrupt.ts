// Ctrl-C during a deploy: the command ends, the server goes on. The person reads what happens to the
// deployment.
import { TerrariumError } from "../errors/index.ts";
import type { Terminal } from "./terminal.ts";

/** Ends the command at SIGINT. `accepted`: the server has the project now, under this name. */
export function onInterrupt(terminal: Terminal): { accepted(id: string): void } {
  let id: string | null = null;
  // It stays in place: a second signal must not end the process before the first one has been answered.
  process.on("SIGINT", () => {
    const error = new TerrariumError("TER_INTERRUPTED_BY_USER", interruption(id));
    terminal.failure(error);
    process.exit(error.exitCode);
  });
  return { accepted: (name) => void (id = name) };
}

/** What is said of a deploy that was interrupted. */
function interruption(id: string | null): { readonly reason: string; readonly fix: string } {
  return id === null
    ? {
        reason: "Interrupted before the server accepted the project",
        fix: "`terrarium list` shows whether it was deployed all the same",
      }
    : {
        reason: `Interrupted; the server goes on deploying "${id}"`,
        fix: `\`terrarium show ${id}\` shows its state, \`terrarium delete ${id}\` ends it`,
      };
}
