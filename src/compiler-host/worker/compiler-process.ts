// One compiler process as the platform sees it: started when needed, killed at a limit, replaced when it has
// grown, stopped when idle. Jobs must come one at a time; the queue ensures that.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../../config/make-folder.ts";
import { trackProcess } from "../build-memory.ts";
import { fromWire, TerrariumError } from "../../errors/index.ts";
import { lowerPriority } from "../../processes/priority.ts";
import { permissionFlags } from "./permissions.ts";
import { moduleBeside, type ToolchainModule } from "./toolchain-module.ts";
import type { BuildPart, WorkerReply, WorkerRequest, WorkerResult } from "./protocol.ts";

/** Parts of a build that a process leaves behind when it is ended; more are dropped, the oldest first. */
const MAX_PART_BYTES = 64 * 1024 * 1024;

/** Enough of standard error to contain V8's reason for aborting. */
const STDERR_TAIL_CHARACTERS = 8 * 1024;

export interface CompilerProcessOptions {
  readonly toolchain: ToolchainModule;
  /** Name of the language for error messages. */
  readonly label: string;
  /** V8 flags: memory limits, tiers. */
  readonly execArgv: readonly string[];
  /** An empty folder, the process's working directory. */
  readonly folder: string;
  /** Ended after this long without a job. */
  readonly idleMs: number;
  /** Replaced after a job that leaves it larger than this. */
  readonly maxRssBytes: number;
}

interface Running {
  readonly child: ChildProcess;
  readonly stderr: () => string;
}

export class CompilerProcess {
  readonly #options: CompilerProcessOptions;
  #running: Running | null = null;
  /** Finished parts of a build that was ended. */
  #parts: BuildPart[] = [];
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: CompilerProcessOptions) {
    this.#options = options;
  }

  /** Process id, while there is a process. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** Does one job. Rejects with the signal's reason once that is aborted; the process is dead by then. */
  async run(
    request: WorkerRequest,
    signal: AbortSignal,
    onOutput: (text: string) => void,
  ): Promise<WorkerResult> {
    clearTimeout(this.#idleTimer);
    signal.throwIfAborted();
    const running = (this.#running ??= await this.#start());
    const job = request.kind === "compile" ? { ...request, parts: this.#parts } : request;
    const untrack = trackProcess(running.child.pid, signal);
    try {
      const { result, rssBytes } = await this.#converse(running, job, signal, onOutput);
      // They are in the process's own cache by now.
      if (request.kind === "compile") this.#parts = [];
      if (rssBytes > this.#options.maxRssBytes) await this.stop();
      return result;
    } finally {
      untrack();
      this.#restOrForget(running);
    }
  }

  /** Ends the process, if there is one, and waits until it is gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const running = this.#running;
    this.#running = null;
    if (running !== null) await kill(running.child);
  }

  async #start(): Promise<Running> {
    const { toolchain, execArgv, folder } = this.#options;
    makeFolder(folder);
    const child = fork(fileURLToPath(moduleBeside(import.meta.url, "main")), [toolchain.url], {
      execArgv: ["--no-warnings", ...permissionFlags(toolchain.packages), ...execArgv],
      cwd: folder,
      // Nothing from the platform: no tokens, no NODE_OPTIONS.
      env: {},
      serialization: "advanced",
      stdio: ["pipe", "ignore", "pipe", "ipc"],
    });
    child.on("error", () => undefined);
    child.stdin?.on("error", () => undefined);
    lowerPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    return { child, stderr: collectTail(child) };
  }

  #converse(
    running: Running,
    request: WorkerRequest,
    signal: AbortSignal,
    onOutput: (text: string) => void,
  ): Promise<Finished> {
    const { child } = running;
    const { promise, resolve, reject } = Promise.withResolvers<Finished>();
    let crashReason: string | null = null;
    const onMessage = (message: WorkerReply): void => {
      if (message.kind === "output") onOutput(message.text);
      else if (message.kind === "part") this.#keep(message.part);
      else if (message.kind === "done") resolve(message);
      else if (message.kind === "refused") reject(fromWire(message.error));
      else {
        // A compiler that failed unexpectedly may fail the next job too.
        crashReason = message.reason;
        child.kill("SIGKILL");
      }
    };
    const onClose = (): void =>
      reject(signal.aborted ? signal.reason : this.#crash(crashReason ?? reasonIn(running.stderr())));
    const onAbort = (): void => void child.kill("SIGKILL");
    child.on("message", onMessage);
    child.on("close", onClose);
    signal.addEventListener("abort", onAbort);
    // The job may have been aborted while the process started.
    if (signal.aborted) onAbort();
    child.send(request, (error) => {
      // A dead process reports itself by `close`.
      if (error !== null) child.kill("SIGKILL");
    });
    return promise.finally(() => {
      child.off("message", onMessage);
      child.off("close", onClose);
      signal.removeEventListener("abort", onAbort);
    });
  }

  #keep(part: BuildPart): void {
    this.#parts.push(part);
    let bytes = this.#parts.reduce((sum, each) => sum + each.bytes, 0);
    while (bytes > MAX_PART_BYTES) bytes -= this.#parts.shift()?.bytes ?? bytes;
  }

  #crash(reason: string): TerrariumError {
    return new TerrariumError("TER_BUILD_CRASHED", { language: this.#options.label, reason });
  }

  #restOrForget(running: Running): void {
    if (this.#running !== running) return;
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null || !child.connected) {
      this.#running = null;
      return;
    }
    this.#idleTimer = setTimeout(() => void this.stop(), this.#options.idleMs).unref();
  }
}

type Finished = Extract<WorkerReply, { kind: "done" }>;

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "close");
  child.kill("SIGKILL");
  await gone;
}

function collectTail(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  return () => tail;
}

function reasonIn(stderr: string): string {
  if (/heap out of memory|allocation failed|Reached heap limit/i.test(stderr)) return "it ran out of memory";
  const [line] = stderr.split("\n").filter((text) => /error/i.test(text));
  return line?.trim() ?? "its process was killed";
}
