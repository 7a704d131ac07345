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
  exit: (code) => process.exit(code),
});

process.on(
  "message",
  (message: ToEdge, socket: unknown) => void edge.hear(message, (socket ?? undefined) as object | undefined),
);
process.on("disconnect", () => void edge.orphaned());
// Ctrl-C reaches the whole process group; the supervisor then drains its edges.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => void edge.end());
