// Runs a program to its end in place of this process: same terminal, same signals, same exit code.
import { spawn } from "node:child_process";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Ends this process as the child ended. */
export function runOnce(command, args, env) {
  const child = spawn(command, args, { stdio: "inherit", env });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`terrarium: Cannot start Node 26: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", endLike);
}

/** Exits with the code, or dies of the signal, of a child that has ended. */
export function endLike(code, signal) {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
