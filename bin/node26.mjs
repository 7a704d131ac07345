#!/usr/bin/env node
// Runs the given script on the Node that npm brought: `node bin/node26.mjs script.ts args...`.
// Plain JavaScript that Node 20 understands: it is what stands between an old Node and the platform.
import { spawn } from "node:child_process";
import { findRuntime } from "./runtime.mjs";

// Options of the caller's Node are not for Node 26, which may refuse them.
delete process.env.NODE_OPTIONS;
const child = spawn(findRuntime(), process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`terrarium: Cannot start Node 26: ${error.message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
