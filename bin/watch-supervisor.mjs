// Ends a supervisor that no longer answers: at once if it does not even run, later if it is only busy.
// Silence is counted in questions, not in time, so that a machine that slept ends nothing.
import { readFileSync } from "node:fs";

const ASK_EVERY_MS = 500;
/** Unanswered questions after which a process that used no processor time, and waits for none, is frozen. */
const FROZEN_AFTER = 3;
/** Unanswered questions after which a busy process is stuck. */
const STUCK_AFTER = 60;

/** Asks until the child exits. */
export function watchSupervisor(child) {
  let unanswered = 0;
  let ticks;
  let askedMs = performance.now();
  child.on("message", (message) => {
    if (message?.kind === "pong") unanswered = 0;
  });
  const timer = setInterval(() => {
    const late = performance.now() - askedMs > ASK_EVERY_MS * 3;
    askedMs = performance.now();
    if (unanswered === 0 || late) {
      unanswered = 0;
      ticks = cpuTicks(child.pid);
    }
    unanswered += 1;
    const frozen = unanswered > FROZEN_AFTER && ticks !== undefined && stillAt(child.pid, ticks);
    if (frozen || unanswered > STUCK_AFTER) child.kill("SIGKILL");
    else if (child.connected) child.send({ kind: "ping" }, () => {});
  }, ASK_EVERY_MS).unref();
  child.on("exit", () => clearInterval(timer));
}

/** Processor time of a process in clock ticks; undefined where the system does not say. */
function cpuTicks(pid) {
  return statOf(pid)?.ticks;
}

/** Whether it has used no processor time since, and waits neither for a processor nor for a disk. */
function stillAt(pid, ticks) {
  const stat = statOf(pid);
  return stat?.ticks === ticks && stat.state !== "R" && stat.state !== "D";
}

function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}
