// Entry point of an edge process, forked by the supervisor. Their messages are in
// src/edge/process/messages.ts.
import type { FromEdge, ToEdge } from "./process/messages.ts";
import { SupervisedEdge } from "./process/supervised-edge.ts";

const edge = new SupervisedEdge({
  send: (message: FromEdge) =>
    new Promise((resolve) => {
      if (!process.connected || process.send === undefined) resolve();
      else process.send(message, () => resolve());
    }),
  exit: leave,
});

/**
 * Node's orderly exit waits forever, if rarely: continuous integration left a process behind in two of three
 * runs. A supervisor that waits for the code kills what is late; without one nobody would.
 */
function leave(code: number): void {
  if (process.connected) process.exit(code);
  else process.kill(process.pid, "SIGKILL");
}

process.on(
  "message",
  (message: ToEdge, socket: unknown) => void edge.hear(message, (socket ?? undefined) as object | undefined),
);
process.on("disconnect", () => void edge.orphaned());
// Ctrl-C reaches the whole process group; the supervisor then drains its edges.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => void edge.end());
