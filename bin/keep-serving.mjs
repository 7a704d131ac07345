// Keeps a supervisor alive: starts it, starts it again when it dies, passes signals on once, ends with its
// exit code. The supervisor runs in a session of its own, so that Ctrl-C reaches only this process and
// nothing is stopped twice.
import { spawn } from "node:child_process";
import { endLike } from "./run-once.mjs";
import { watchSupervisor } from "./watch-supervisor.mjs";

/**
 * A person's Ctrl-C can arrive twice, from the terminal and from npm: signals this close together are one.
 */
const SAME_SIGNAL_MS = 300;
/** A supervisor that lived this long had started well; its next start waits for nothing. */
const SETTLED_MS = 10_000;
const FIRST_DELAY_MS = 100;
/** Whoever waits for an answer should not wait for this; a start takes about half a second of CPU time. */
const LONGEST_DELAY_MS = 1000;
/** Beyond its grace period a supervisor gets this long to end; then it and its children are killed. */
const LATE_MS = 1500;
const DEFAULT_GRACE_MS = 10_000;
/** How a supervisor exits that wants a successor: `terrarium reload`. */
const EXIT_RELOADING = 75;

/** The listening sockets by key, held for whichever supervisor comes next. Nothing is accepted here. */
const sockets = new Map();

function keepSockets(child, { kind, key }, socket) {
  if (kind === "hold" && socket !== undefined) sockets.set(key, socket);
  if (kind === "release") {
    sockets.get(key)?.close();
    sockets.delete(key);
  }
  if (kind !== "send-sockets" || !child.connected) return;
  for (const [name, held] of sockets) child.send({ kind: "socket", key: name }, held, () => {});
  child.send({ kind: "sockets-sent" }, () => {});
}

/** Never returns control before the supervisor ends by its own decision or at a signal. */
export function keepServing(command, args, env) {
  let child;
  let wasReady = false;
  let graceMs = DEFAULT_GRACE_MS;
  let quickDeaths = 0;
  let stops = 0;
  let lastSignalMs = 0;

  const start = () => {
    const startedMs = Date.now();
    child = spawn(command, args, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      detached: true,
      env,
    });
    // No process could be made: the binary is being replaced, or memory or process ids are short.
    child.on("error", (error) => {
      if (child.pid !== undefined) return;
      if (wasReady) again(error.message, startedMs);
      else endWith(`Cannot start Node 26: ${error.message}`);
    });
    child.on("message", (message, socket) => {
      if (message?.kind === "ready") {
        wasReady = true;
        graceMs = message.graceMs;
      } else keepSockets(child, message, socket);
    });
    watchSupervisor(child);
    child.on("exit", (code, signal) => {
      // A supervisor that dies while it stops leaves its children: nobody comes for them.
      if (stops > 0 && signal !== null) killAll(child);
      // Before the first `ready` an end is an answer (port in use, wrong flag); afterwards only exit code 0
      // is.
      if (stops > 0 || !wasReady || code === 0) endLike(code, signal);
      else if (code === EXIT_RELOADING) start();
      else again(signal ?? `exit code ${code}`, startedMs);
    });
  };

  const again = (reason, startedMs) => {
    quickDeaths = Date.now() - startedMs > SETTLED_MS ? 0 : quickDeaths + 1;
    const delayMs = quickDeaths < 2 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (quickDeaths - 2));
    process.stderr.write(`terrarium: Supervisor exited (${reason}); restarting it\n`);
    setTimeout(() => (stops > 0 ? process.exit(0) : start()), delayMs);
  };

  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      if (Date.now() - lastSignalMs < SAME_SIGNAL_MS) return;
      lastSignalMs = Date.now();
      stops += 1;
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) process.exit(0);
      if (stops === 1) setTimeout(() => killAll(child), graceMs + LATE_MS).unref();
      if (stops > 2) child.kill("SIGKILL");
      else if (child.connected) child.send({ kind: stops === 1 ? "stop" : "force" }, () => {});
    });
  }
  // Whoever read this output may be gone; the platform is not.
  process.stderr.on("error", () => {});
  start();
}

/** The supervisor leads a process group: edges and compilers go with it. */
function killAll(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

function endWith(text) {
  process.stderr.write(`terrarium: ${text}\n`);
  process.exit(1);
}
