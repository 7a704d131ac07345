// One edge process: started by fork, spoken to over its IPC channel, killed when its event loop stops answering.
import { type ChildProcess, fork } from "node:child_process";
import { childEnvironment } from "../../config/environment.ts";
import type { FromEdge, ToEdge } from "../../edge/messages.ts";
import type { RequestRecord } from "../../edge/index.ts";
import { processCpuMs } from "./process-cpu.ts";
import { type ErrorCode, TerrariumError } from "../../errors/index.ts";
import type { DeploymentId } from "../../store/types.ts";

const PING_EVERY_MS = 500;

/** What an edge says once it listens. */
export type EdgePorts = Omit<Extract<FromEdge, { kind: "ready" }>, "kind">;

/** What an edge needs to start. */
export interface EdgeOptions {
  readonly program: string;
  readonly execArgv: readonly string[];
  readonly start: Extract<ToEdge, { kind: "start" }>;
  /** How long the event loop may be busy with one guest. */
  readonly patience: Patience;
  /** Called once, when the process has ended for whatever reason. */
  readonly onExit: (reason: string) => void;
}

/** Bounds for an event loop that does not answer: the edge's own limits, with a margin. */
export interface Patience {
  /** Of the edge's CPU time: on a busy machine a guest takes long to use up its limit. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** An unanswered ping. */
interface Silence {
  readonly sinceMs: number;
  readonly cpuMs: number | undefined;
}

/** A running edge. */
export class EdgeProcess {
  /** Resolves when the edge listens; rejects if it ends before or says that it cannot. */
  readonly ready: Promise<EdgePorts>;
  readonly exited: Promise<void>;
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #reads = new Map<number, (records: readonly RequestRecord[]) => void>();
  readonly #loads = new Map<number, (error: TerrariumError | null) => void>();
  #listening = false;
  #nextToken = 1;
  #silence: Silence | null = null;

  constructor(options: EdgeOptions) {
    this.name = options.start.name;
    this.#child = fork(options.program, [], {
      execArgv: [...options.execArgv],
      env: childEnvironment(),
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const exited = Promise.withResolvers<void>();
    this.exited = exited.promise;
    const ready = Promise.withResolvers<EdgePorts>();
    this.ready = ready.promise;
    this.ready.catch(() => {});
    this.#child.on("message", (message: FromEdge) => this.#hear(message, ready));
    this.#child.on("error", (error) => ready.reject(error));
    const pings = setInterval(() => this.#ping(options.patience), PING_EVERY_MS);
    this.#child.on("exit", (code, signal) => {
      clearInterval(pings);
      const reason = signal ?? `exit code ${code}`;
      ready.reject(new TerrariumError("TER_INTERNAL", { reason: `${this.name} ended before it listened (${reason})` }));
      for (const settle of this.#loads.values()) settle(null);
      this.#loads.clear();
      for (const settle of this.#reads.values()) settle([]);
      this.#reads.clear();
      exited.resolve();
      options.onExit(reason);
    });
    this.#send(options.start);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get listening(): boolean {
    return this.#listening && this.#child.connected;
  }

  /** Resolves when the edge has compiled the deployment, or is gone (its successor loads on demand). Rejects if it cannot load. */
  load(id: DeploymentId): Promise<void> {
    if (!this.listening) return Promise.resolve();
    const token = this.#nextToken++;
    return new Promise((resolve, reject) => {
      this.#loads.set(token, (error) => (error === null ? resolve() : reject(error)));
      this.#send({ kind: "load", token, id });
    });
  }

  /** The last requests of a deployment that this edge recorded; it records this many further ones. None from an edge that is gone. */
  records(id: DeploymentId, further: number): Promise<readonly RequestRecord[]> {
    if (!this.listening) return Promise.resolve([]);
    const token = this.#nextToken++;
    return new Promise((resolve) => {
      this.#reads.set(token, resolve);
      this.#send({ kind: "records", token, id, further });
    });
  }

  /** Tells that a deployment is gone. */
  forget(id: DeploymentId): void {
    this.#send({ kind: "removed", id });
  }

  /** Asks to finish what is under way; kills what is left shortly after the grace period. */
  async drain(graceMs: number): Promise<void> {
    if (!this.#child.connected) this.kill();
    this.#send({ kind: "drain", graceMs });
    const late = setTimeout(() => this.kill(), graceMs + 500);
    await this.exited;
    clearTimeout(late);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #send(message: ToEdge): void {
    // An edge that has just died answers nothing; its exit event says so.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #ping(patience: Patience): void {
    const sinceMs = performance.now();
    const cpuMs = processCpuMs(this.pid);
    if (this.#silence === null) {
      this.#silence = { sinceMs, cpuMs };
      this.#send({ kind: "ping", token: this.#nextToken++ });
    } else if (isTooLong(this.#silence, { sinceMs, cpuMs }, patience)) this.kill();
  }

  #hear(message: FromEdge, ready: PromiseWithResolvers<EdgePorts>): void {
    switch (message.kind) {
      case "ready":
        this.#listening = true;
        ready.resolve({ httpPort: message.httpPort, httpsPort: message.httpsPort });
        break;
      case "failed":
        ready.reject(revive(message));
        break;
      case "pong":
        this.#silence = null;
        break;
      case "records":
        this.#reads.get(message.token)?.(message.records);
        this.#reads.delete(message.token);
        break;
      case "loaded": {
        const settle = this.#loads.get(message.token);
        this.#loads.delete(message.token);
        settle?.(message.error === null ? null : revive(message.error));
      }
    }
  }
}

function isTooLong(silence: Silence, now: Silence, patience: Patience): boolean {
  if (now.sinceMs - silence.sinceMs > patience.wallMs) return true;
  return silence.cpuMs !== undefined && now.cpuMs !== undefined && now.cpuMs - silence.cpuMs > patience.cpuMs;
}

/** An error that crossed a process border. Its message is filled already, so it stands in `reason`-like places as it is. */
function revive(error: { readonly code: string; readonly message: string }): TerrariumError {
  const revived = new TerrariumError(error.code as ErrorCode, {});
  revived.message = error.message;
  return revived;
}
