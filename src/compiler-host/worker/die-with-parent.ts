// Ends this process when its parent is gone, even in the middle of a compile that never returns to the event
// loop.
import { Worker } from "node:worker_threads";

// Standard input is a pipe that the parent never writes to: it closes when the parent dies, however it dies.
const WATCH = `
  const { Socket } = require("node:net");
  new Socket({ fd: 0 }).on("close", () => process.kill(process.pid, "SIGKILL")).resume();
`;

/** Starts the watching thread. Call once, before anything else. */
export function dieWithParent(): void {
  new Worker(WATCH, { eval: true }).unref();
}
