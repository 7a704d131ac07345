// A process that becomes an edge, in a sandbox or without. It has loaded the edge's program and waits to be
// told what to serve.
import { type ChildProcess, fork, type SendHandle } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import { childEnvironment } from "../../config/environment.ts";
import type { FromEdge, ToEdge } from "../../edge/process/messages.ts";
import type { Surroundings, SandboxedPids, EdgeSandbox } from "../../sandbox/edge-sandbox.ts";
import { programPath } from "../program-path.ts";
import { noteEdge } from "./orphans.ts";

const SIGNALED = 128;

/** How edges are started. */
export interface EdgeHousing {
  readonly execArgv: readonly string[];
  /** Null: edges run with the rights of the supervisor. */
  readonly sandbox: EdgeSandbox | null;
  /** What an edge needs beside a folder of its own. */
  readonly surroundings: Surroundings;
}

/** A forked process. */
export class EdgeChild {
  /** Its own, gone with it. */
  readonly folder: string;
  /** Resolves when its process id is known, or it has ended. */
  readonly located: Promise<void>;
  readonly #process: ChildProcess;
  readonly #isSandboxed: boolean;
  #pids: SandboxedPids | undefined;
  #isKilled = false;

  /** `folder`: with a short path, as it holds sockets. */
  constructor(housing: EdgeHousing, folder: string) {
    this.folder = folder;
    this.#isSandboxed = housing.sandbox !== null;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { process, pids } = launch(housing, folder);
    this.#process = process;
    this.located = pids.then((found) => {
      this.#pids = found;
      if (this.pid !== undefined) this.onEnd(noteEdge(dirname(folder), this.pid));
      if (this.#isKilled) this.kill();
    });
    // Whoever is told of the end looks into it first.
    this.onEnd(() => setImmediate(() => rmSync(folder, { recursive: true, force: true })));
  }

  /** Undefined until it is known. */
  get pid(): number | undefined {
    return this.#isSandboxed ? this.#pids?.own : this.#process.pid;
  }

  get connected(): boolean {
    return this.#process.connected;
  }

  /** Without effect on a process that has just died: its end reports it. */
  send(message: ToEdge, handle?: SendHandle): void {
    if (this.#process.connected) this.#process.send(message, handle, () => {});
  }

  disconnect(): void {
    this.#process.disconnect();
  }

  kill(): void {
    this.#isKilled = true;
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    if (!this.#isSandboxed) this.#process.kill("SIGKILL");
    // Before that, bubblewrap's child waits for bubblewrap, and would wait forever.
    else if (this.#pids !== undefined) sendKill(this.#pids.init);
  }

  onMessage(hear: (message: FromEdge) => void): void {
    this.#process.on("message", hear);
  }

  /** Called once, with the reason, when the process has ended or could not be made. */
  onEnd(end: (reason: string) => void): void {
    this.#process.once("exit", (code, signal) => end(signal ?? reasonOf(code ?? 0)));
    // Memory or process ids are short, or the binary is being replaced.
    this.#process.on("error", (error) => {
      if (this.#process.pid === undefined) end(error.message);
    });
  }
}

interface Launched {
  readonly process: ChildProcess;
  readonly pids: Promise<SandboxedPids | undefined>;
}

function launch({ sandbox, execArgv, surroundings }: EdgeHousing, folder: string): Launched {
  const program = programPath("../../edge/main", import.meta.url);
  const env = childEnvironment();
  if (sandbox === null) {
    const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
    const child = fork(program, [], { execArgv: [...execArgv], env, stdio: [...stdio] });
    return { process: child, pids: Promise.resolve(undefined) };
  }
  const { child, pids } = sandbox.start([process.execPath, ...execArgv, program], {
    surroundings: { ...surroundings, writable: [...surroundings.writable, folder] },
    env,
  });
  return { process: child, pids };
}

/** As bubblewrap and shells report it: 128 and the signal's number. */
function reasonOf(code: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - SIGNALED)?.[0];
  return signal ?? `exit code ${code}`;
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
