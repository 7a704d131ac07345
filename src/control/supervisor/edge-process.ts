// One edge process: told to start, messaged over its IPC channel, killed when its event loop stops answering.
import type { SendHandle } from "node:child_process";
import type { FromEdge, ToEdge } from "../../edge/process/messages.ts";
import type { IssueLeaf, LeafCertificate } from "../../edge/tls/leaf-certificate.ts";
import type { Offence, RequestRecord, Series } from "../../edge/index.ts";
import type { SlotSockets } from "./listening-sockets.ts";
import type { TcpHandle } from "./tcp-handle.ts";
import type { EdgeChild } from "./edge-child.ts";
import { processCpuMs, standsStill } from "../../processes/cpu-time.ts";
import { fromWire, TerrariumError, toWire } from "../../errors/index.ts";
import type { DeploymentId } from "../../store/types.ts";

const PING_EVERY_MS = 500;
/**
 * An edge that does not answer, uses no processor time meanwhile and waits for none is frozen: nothing in it
 * will end by itself.
 */
const FROZEN_MS = 1500;

/** What an edge reports once it listens. */
export type EdgePorts = Omit<Extract<FromEdge, { kind: "ready" }>, "kind">;

/** What an edge needs to start. */
export interface EdgeProcessOptions {
  /** Runs the edge's program and has received no message yet. */
  readonly child: EdgeChild;
  readonly start: Omit<Extract<ToEdge, { kind: "start" }>, "pid">;
  /** How long the event loop may be busy with one guest. */
  readonly patience: Patience;
  /** Called once, when the process has ended for whatever reason. */
  readonly onExit: (reason: string) => void;
  readonly onOffence: (id: DeploymentId, offence: Offence) => void;
  /** Signs what the edge asks for. */
  readonly issueLeaf: IssueLeaf;
  /** Called with the last metrics of an edge that shuts down normally. */
  readonly onLastSeries: (series: Series) => void;
}

/** Time limits for an event loop that does not answer: the edge's own limits, with a margin. */
export interface Patience {
  /** In CPU time of the edge: on a busy machine, a guest takes long to use up its limit. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** What answers a question. */
type EdgeReply = Extract<FromEdge, { kind: "loaded" | "records" | "series" | "switched" }>;

/** An unanswered ping. */
interface Silence {
  readonly sinceMs: number;
  readonly cpuMs: number | undefined;
}

/** A later look at a silent edge. */
interface Look extends Silence {
  readonly isStill: boolean;
}

/** A running edge. */
export class EdgeProcess {
  /** Resolves when the edge listens; rejects if it ends first or reports that it cannot. */
  readonly ready: Promise<EdgePorts>;
  readonly exited: Promise<void>;
  readonly name: string;
  readonly #child: EdgeChild;
  /** Requests by token; an edge that is gone answers null. */
  readonly #asked = new Map<number, (reply: EdgeReply | null) => void>();
  #listening = false;
  #nextToken = 1;
  #silence: Silence | null = null;

  constructor(options: EdgeProcessOptions) {
    this.name = options.start.name;
    this.#child = options.child;
    const exited = Promise.withResolvers<void>();
    this.exited = exited.promise;
    const ready = Promise.withResolvers<EdgePorts>();
    this.ready = ready.promise;
    this.ready.catch(() => {});
    this.#child.onMessage((message) => this.#hear(message, ready, options));
    const pings = setInterval(() => this.#ping(options.patience), PING_EVERY_MS);
    const end = (reason: string) => {
      clearInterval(pings);
      ready.reject(
        new TerrariumError("TER_INTERNAL", { reason: `${this.name} ended before it listened (${reason})` }),
      );
      for (const settle of this.#asked.values()) settle(null);
      this.#asked.clear();
      exited.resolve();
      options.onExit(reason);
    };
    this.#child.onEnd(end);
    void this.located.then(() => this.#send({ ...options.start, pid: this.pid ?? null }));
  }

  /** Resolves when the process id is known, or the process has ended. */
  get located(): Promise<void> {
    return this.#child.located;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get listening(): boolean {
    return this.#listening && this.#child.connected;
  }

  /**
   * Resolves when the edge has compiled the deployment, or is gone (its successor loads on demand). Rejects
   * if it cannot load.
   */
  async load(id: DeploymentId): Promise<void> {
    const answer = await this.#ask((token) => ({ kind: "load", token, id }));
    if (answer?.kind === "loaded" && answer.error !== null) throw fromWire(answer.error);
  }

  /**
   * The last requests of a deployment that this edge recorded; it records this many more. None from an edge
   * that is gone.
   */
  async records(id: DeploymentId, further: number): Promise<readonly RequestRecord[]> {
    const answer = await this.#ask((token) => ({ kind: "records", token, id, further }));
    return answer?.kind === "records" ? answer.records : [];
  }

  /** Resolves when the edge answers at an app's address with this version, or is gone. */
  async switchApp(app: string, id: DeploymentId | null, switchNumber: number): Promise<void> {
    await this.#ask((token) => ({ kind: "switch", token, app, id, switchNumber }));
  }

  /** The edge's metrics; none from an edge that is gone. */
  async series(): Promise<Series> {
    const answer = await this.#ask((token) => ({ kind: "series", token }));
    return answer?.kind === "series" ? answer.series : {};
  }

  /** Lets the edge listen on these sockets; `ready` follows. */
  listen({ http, https }: SlotSockets): void {
    this.#send({ kind: "socket", name: "http" }, http);
    if (https !== null) this.#send({ kind: "socket", name: "https" }, https);
    this.#send({ kind: "listen" });
  }

  /** Tells the edge where a deployment runs from now on. */
  route(id: DeploymentId, socketPath: string | null): void {
    this.#send({ kind: "route", id, socketPath });
  }

  /** Gives the edge new keys for session tickets. */
  changeTicketKeys(ticketKeys: string): void {
    this.#send({ kind: "ticket-keys", ticketKeys });
  }

  /** Tells the edge that a deployment is gone. */
  forget(id: DeploymentId): void {
    this.#send({ kind: "removed", id });
  }

  /** Asks the edge to finish its requests; kills it shortly after the grace period. */
  async drain(graceMs: number): Promise<void> {
    if (!this.#child.connected) this.kill();
    this.#send({ kind: "drain", graceMs });
    const late = setTimeout(() => this.kill(), graceMs + 500);
    await this.exited;
    clearTimeout(late);
  }

  kill(): void {
    this.#child.kill();
  }

  #send(message: ToEdge, socket?: TcpHandle): void {
    // The types know only the objects around Node's handles.
    this.#child.send(message, socket as unknown as SendHandle);
  }

  #ping(patience: Patience): void {
    const sinceMs = performance.now();
    const cpuMs = processCpuMs(this.pid);
    if (this.#silence === null) {
      this.#silence = { sinceMs, cpuMs };
      this.#send({ kind: "ping", token: this.#nextToken++ });
    } else if (isTooLong(this.#silence, { sinceMs, cpuMs, isStill: standsStill(this.pid) }, patience))
      this.kill();
  }

  async #sign(token: number, signing: Promise<LeafCertificate>): Promise<void> {
    const leaf = await signing.catch((error: unknown) => toWire(error));
    this.#send({ kind: "certificate", token, leaf });
  }

  #ask(question: (token: number) => ToEdge): Promise<EdgeReply | null> {
    if (!this.listening) return Promise.resolve(null);
    const token = this.#nextToken++;
    return new Promise((resolve) => {
      this.#asked.set(token, resolve);
      this.#send(question(token));
    });
  }

  #hear(
    message: FromEdge,
    ready: PromiseWithResolvers<EdgePorts>,
    { onOffence, onLastSeries, issueLeaf }: EdgeProcessOptions,
  ): void {
    switch (message.kind) {
      case "ready":
        this.#listening = true;
        ready.resolve({ httpPort: message.httpPort, httpsPort: message.httpsPort });
        break;
      case "failed":
        ready.reject(fromWire(message.error));
        break;
      case "pong":
        this.#silence = null;
        break;
      case "sign":
        void this.#sign(message.token, issueLeaf(message.names));
        break;
      case "offence":
        onOffence(message.id, message.offence);
        break;
      case "last-series":
        onLastSeries(message.series);
        break;
      default: {
        const settle = this.#asked.get(message.token);
        this.#asked.delete(message.token);
        settle?.(message);
      }
    }
  }
}

function isTooLong(silence: Silence, now: Look, patience: Patience): boolean {
  const frozen = silence.cpuMs !== undefined && now.cpuMs === silence.cpuMs && now.isStill;
  if (frozen && now.sinceMs - silence.sinceMs > FROZEN_MS) return true;
  if (now.sinceMs - silence.sinceMs > patience.wallMs) return true;
  return silence.cpuMs !== undefined && now.cpuMs !== undefined && now.cpuMs - silence.cpuMs > patience.cpuMs;
}
