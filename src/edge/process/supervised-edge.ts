// An edge as a process: what it does on each message of its supervisor, and without one.
import { toWire } from "../../errors/index.ts";
import { clockFrom } from "../../processes/clock.ts";
import { openStore, type Store } from "../../store/index.ts";
import { createRequestLog } from "../logs/request-log.ts";
import type { Offence } from "../accounts/run-accounts.ts";
import type { DeploymentId } from "../../store/types.ts";
import { type FromEdge, peerSocketOf, stuckFileOf, type ToEdge } from "./messages.ts";
import type { BoundSocket, BoundSockets } from "../listeners/listen.ts";
import { startEdge, type EdgeServer } from "../server.ts";
import { CertificateRequests } from "./certificate-requests.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { awaitSuccessor } from "./orphan.ts";

type Start = Extract<ToEdge, { kind: "start" }>;

/** How long connections without a request are kept once an edge ends: a client's next request may be on its way. */
const LINGER_MS = 1000;
/** Time that requests get when nobody says how long. */
const OWN_GRACE_MS = 10_000;

/** The way to the supervisor. */
export interface Channel {
  /** Resolves when the message has left, or cannot. */
  send(message: FromEdge): Promise<void>;
  exit(code: number): void;
}

interface Running {
  readonly edge: EdgeServer;
  readonly store: Store;
  readonly controlSocket: string;
  readonly leave: () => Promise<void>;
}

/** Answers the supervisor's messages. */
export class SupervisedEdge {
  readonly #channel: Channel;
  #running: Running | undefined;
  readonly #sockets = new Map<"http" | "https", BoundSocket>();
  readonly #mayListen = Promise.withResolvers<void>();
  readonly #certificates: CertificateRequests;
  #ending = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#certificates = new CertificateRequests((message) => channel.send(message));
  }

  /** Never rejects. */
  async hear(message: ToEdge, socket?: BoundSocket): Promise<void> {
    switch (message.kind) {
      case "socket":
        return void (socket !== undefined && this.#sockets.set(message.name, socket));
      case "listen":
        return this.#mayListen.resolve();
      case "start":
        return this.#start(message);
      case "ping":
        return this.#channel.send({ kind: "pong", token: message.token });
      case "certificate":
        return this.#certificates.hear(message);
      case "load":
        return this.#load(message);
      case "records": {
        const { id, token, further } = message;
        return this.#channel.send({
          kind: "records",
          token,
          records: this.#running?.edge.records(id, further) ?? [],
        });
      }
      case "series":
        return this.#channel.send({
          kind: "series",
          token: message.token,
          series: this.#running?.edge.series() ?? {},
        });
      case "route":
        return this.#running?.edge.route(message.id, message.socketPath);
      case "switch":
        this.#running?.edge.switchApp(message.app, message.id, message.switchNumber);
        return this.#channel.send({ kind: "switched", token: message.token });
      case "ticket-keys":
        return this.#running?.edge.changeTicketKeys(Buffer.from(message.ticketKeys, "base64"));
      case "removed":
        return this.#running?.edge.forget(message.id);
      case "drain":
        return this.end(message.graceMs);
    }
  }

  /** The supervisor is gone. */
  async orphaned(): Promise<void> {
    this.#certificates.abandon();
    if (this.#ending) return;
    if (this.#running !== undefined) await awaitSuccessor(this.#running.controlSocket);
    await this.end(OWN_GRACE_MS);
  }

  /** Finishes what is under way and exits. */
  async end(graceMs = OWN_GRACE_MS): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    const running = this.#running;
    if (running !== undefined) {
      await running.edge.drain(graceMs, LINGER_MS);
      await this.#channel.send({ kind: "last-series", series: running.edge.series() });
      await running.leave();
      await running.store.close();
    }
    this.#channel.exit(0);
  }

  async #start(start: Start): Promise<void> {
    try {
      const clock = clockFrom(start.clockBaseMs);
      const store = await openStore(start.config, { role: "edge", now: clock.now });
      const { config, controlSocket } = start;
      const peerSocket = peerSocketOf(start.folder);
      const observe = createRequestLog(config.logLevel, start.name, clock.now);
      const edge = await startEdge({
        config,
        store,
        controlSocket,
        peerSocket,
        ticketKeys: Buffer.from(start.ticketKeys, "base64"),
        stuckFile: stuckFileOf(start.folder),
        sockets: start.apart ? null : this.#boundSockets,
        onOffence: this.#accuse,
        issueLeaf: this.#certificates.issueLeaf,
        clock,
        ...(observe === undefined ? {} : { observe }),
      });
      const pid = start.pid ?? process.pid;
      const member = { name: start.name, pid, role: "edge", socket: peerSocket } as const;
      const leave = startHeartbeat(store, member, clock.now);
      this.#running = { edge, store, controlSocket, leave };
      await this.#channel.send({ kind: "ready", httpPort: edge.httpPort, httpsPort: edge.httpsPort });
    } catch (error) {
      await this.#channel.send({ kind: "failed", error: toWire(error) });
      this.#channel.exit(1);
    }
  }

  readonly #boundSockets = async (): Promise<BoundSockets> => {
    await this.#mayListen.promise;
    return { http: this.#sockets.get("http") ?? null, https: this.#sockets.get("https") ?? null };
  };

  readonly #accuse = (id: DeploymentId, offence: Offence): void =>
    void this.#channel.send({ kind: "offence", id, offence });

  async #load({ id, token }: Extract<ToEdge, { kind: "load" }>): Promise<void> {
    try {
      await this.#running?.edge.load(id);
      await this.#channel.send({ kind: "loaded", token, error: null });
    } catch (error) {
      await this.#channel.send({ kind: "loaded", token, error: toWire(error) });
    }
  }
}
