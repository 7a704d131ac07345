// Processes that become edges. One is kept spare: it has loaded the edge's program, which takes most of an
// edge's start, and waits to be told what to serve. So an edge that dies is replaced, or a quarantine gets
// its edge, within tens of milliseconds.
import { type ChildProcess, fork } from "node:child_process";
import { childEnvironment } from "../../config/environment.ts";
import { programPath } from "../program-path.ts";

/** A spare starts this long after it is wanted, so that it does not compete with whatever made it wanted. */
const WANTED_MS = 1000;

/** Forks edges. */
export class SpareEdge {
  readonly #execArgv: readonly string[];
  readonly #wantedMs: number;
  #spare: ChildProcess | null = null;
  #wanted: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(execArgv: readonly string[], wantedMs = WANTED_MS) {
    this.#execArgv = execArgv;
    this.#wantedMs = wantedMs;
  }

  /** Of the spare. */
  get pid(): number | undefined {
    return this.#spare?.pid;
  }

  /**
   * The spare if there is one, otherwise a process that has just been forked. Neither has received a message.
   */
  take(): ChildProcess {
    const spare = this.#spare ?? this.#fork();
    this.#spare = null;
    return spare;
  }

  /** Schedules a new spare. */
  want(): void {
    if (this.#closed || this.#spare !== null) return;
    this.#wanted ??= setTimeout(() => {
      this.#wanted = undefined;
      this.#make();
    }, this.#wantedMs).unref();
  }

  /** Ends the spare; no other is made. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#wanted);
    this.#spare?.kill("SIGKILL");
    this.#spare = null;
  }

  #make(): void {
    if (this.#spare !== null) return;
    const spare = this.#fork();
    this.#spare = spare;
    // Later edges are then forked when needed.
    const lost = () => {
      if (this.#spare === spare) this.#spare = null;
    };
    spare.on("exit", lost).on("error", lost);
  }

  #fork(): ChildProcess {
    return fork(programPath("../../edge/main", import.meta.url), [], {
      execArgv: [...this.#execArgv],
      env: childEnvironment(),
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  }
}
