// Keeps the configured number of edges alive and sends them messages.
import { readFileSync, rmSync } from "node:fs";
import type { Config } from "../../config/index.ts";
import type { Offence, RequestRecord, Series } from "../../edge/index.ts";
import { ROUTE_RECHECK_MS } from "../../edge/routing/app-routes.ts";
import type { IssueLeaf } from "../../edge/tls/leaf-certificate.ts";
import { peerSocketOf, stuckFileOf } from "../../edge/process/messages.ts";
import { lowerPriority } from "../../processes/priority.ts";
import type { DeploymentId } from "../../store/types.ts";
import type { EdgeFigures } from "../metrics/ledger.ts";
import { EdgeProcess } from "./edge-process.ts";
import type { ListeningSockets } from "./listening-sockets.ts";
import type { ApartEdge } from "./quarantine.ts";
import type { EdgeHousing } from "./edge-child.ts";
import { SpareEdge } from "./spare-edge.ts";
import { TicketKeys } from "./ticket-keys.ts";

/**
 * Added to the limits before an edge that does not answer counts as lost. An edge that is stuck with a guest
 * reports it and ends earlier.
 */
const UNRESPONSIVE_MARGIN_MS = 4000;
/** An edge that lived this long is replaced at once; otherwise the replacement waits, longer each time. */
const SETTLED_MS = 5000;
const FIRST_DELAY_MS = 50;
/** Whoever waits for an answer should not wait for this; a start takes about half a second of CPU time. */
const LONGEST_DELAY_MS = 1000;
/** An edge that is busy for longer delivers its records and metrics next time. */
const ANSWER_MS = 500;
/** Ended edges whose metrics wait for the next scrape. */
const MAX_ENDED = 1000;
/** Niceness of quarantine edges: when CPU is scarce, their neighbours come first. */
const APART_NICE = 10;
/** Once one edge has loaded a deployment, the others get this long; a busy one loads it on first use. */
const OTHERS_LOAD_MS = 1000;

export interface EdgePoolOptions {
  /** Includes the ports that the sockets are bound to. */
  readonly config: Config;
  readonly sockets: Pick<ListeningSockets, "of">;
  readonly runDir: string;
  readonly controlSocket: string;
  readonly housing: EdgeHousing;
  /** The platform's time when the machine's monotonic clock was at 0. */
  readonly clockBaseMs: number;
  readonly issueLeaf: IssueLeaf;
  /** Names of all edges that serve, those of an earlier supervisor included. */
  readonly edgesAlive: () => Promise<readonly string[]>;
  readonly onRestart: (name: string, reason: string) => void;
  readonly onOffence: (id: DeploymentId, offence: Offence) => void;
}

/** The edges of one supervisor. */
export class EdgePool {
  readonly #options: EdgePoolOptions;
  readonly #edges = new Map<number, EdgeProcess>();
  /** Edges without ports, for quarantine. */
  readonly #apart = new Set<EdgeProcess>();
  readonly #routes = new Map<DeploymentId, string>();
  readonly #ended: [name: string, last: Series][] = [];
  readonly #quickDeaths = new Map<number, number>();
  readonly #spare: SpareEdge;
  readonly #ticketKeys = new TicketKeys((keys) => {
    for (const edge of this.#edges.values()) edge.changeTicketKeys(keys);
  });
  #open = false;
  #draining = false;
  #starts = 0;

  constructor(options: EdgePoolOptions) {
    this.#options = options;
    this.#spare = new SpareEdge(options.housing, options.runDir);
  }

  /** Starts all edges; none listens before `open`. */
  start(): void {
    for (let slot = 1; slot <= this.#options.config.edges; slot++) this.#spawn(slot);
  }

  /** Lets all edges listen. Rejects if one cannot. */
  async open(): Promise<void> {
    this.#open = true;
    const edges = [...this.#edges];
    for (const [slot, edge] of edges) edge.listen(this.#options.sockets.of(slot));
    try {
      await Promise.all(edges.map(([, edge]) => edge.ready));
    } catch (error) {
      this.kill();
      throw error;
    }
  }

  /**
   * Resolves when one edge has compiled the deployment and the others have too, or are busy. Rejects if it
   * cannot be loaded.
   */
  async load(id: DeploymentId): Promise<void> {
    const loads = [...this.#edges.values()].filter((edge) => edge.listening).map((edge) => edge.load(id));
    for (const load of loads) load.catch(() => {});
    if (loads.length === 0) return;
    await Promise.race(loads);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, OTHERS_LOAD_MS)));
    await Promise.race([Promise.all(loads), patience]).finally(() => clearTimeout(timer));
  }

  /**
   * Resolves when every edge answers at an app's address with this version. Whoever cannot be told, as it
   * is busy, starts, or still drains for an earlier supervisor, reads the store again before it serves.
   */
  async switchApp(app: string, id: DeploymentId | null, switchNumber: number): Promise<void> {
    const edges = this.#all();
    const reread = nothingAfter(ROUTE_RECHECK_MS, undefined);
    const told = Promise.all(edges.map((edge) => edge.switchApp(app, id, switchNumber)));
    const isOurs = (name: string) => edges.some((edge) => edge.name === name);
    const canTellAll =
      edges.every(({ listening }) => listening) && (await this.#options.edgesAlive()).every(isOurs);
    await (canTellAll ? Promise.race([told, reread]) : reread);
  }

  /** The edges' records of a deployment's last requests, oldest first; they record this many more. */
  async records(id: DeploymentId, further: number): Promise<RequestRecord[]> {
    const lists = await Promise.all(
      this.#all().map((edge) => Promise.race([edge.records(id, further), nothingAfter(ANSWER_MS, [])])),
    );
    return lists.flat().sort((a, b) => a.atMs - b.atMs);
  }

  /**
   * The metrics of the edges that answer, by the name of the edge, and the last ones of those that ended
   * since the previous call.
   */
  async series(): Promise<EdgeFigures> {
    const answers = this.#all().map(
      async (edge) =>
        [edge.name, await Promise.race([edge.series(), nothingAfter<Series>(ANSWER_MS, {})])] as const,
    );
    const living = new Map(await Promise.all(answers));
    return { living, ended: this.#ended.splice(0) };
  }

  forget(id: DeploymentId): void {
    this.#routes.delete(id);
    for (const edge of this.#all()) edge.forget(id);
  }

  /** Tells all edges with ports where a deployment runs from now on; null: in any edge. */
  route(id: DeploymentId, socketPath: string | null): void {
    if (socketPath === null) this.#routes.delete(id);
    else this.#routes.set(id, socketPath);
    for (const edge of this.#edges.values()) edge.route(id, socketPath);
  }

  /** Starts an edge that only its peers can reach. `onExit` is called if it ends by itself. */
  startApart(onExit: () => void): ApartEdge {
    const { name, peerSocket, edge } = this.#fork("apart", true, (reason) => {
      this.#apart.delete(edge);
      if (this.#draining || draining) return;
      this.#options.onRestart(name, reason);
      onExit();
    });
    let draining = false;
    this.#apart.add(edge);
    void edge.located.then(() => lowerPriority(edge.pid, APART_NICE));
    const drain = (graceMs: number) => {
      draining = true;
      return edge.drain(graceMs);
    };
    return { name, socketPath: peerSocket, ready: edge.ready, series: () => edge.series(), drain };
  }

  /** The current processes, for people. */
  status(): { readonly name: string; readonly pid: number | undefined; readonly listening: boolean }[] {
    return this.#all().map(({ name, pid, listening }) => ({ name, pid, listening }));
  }

  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    this.#ticketKeys.stop();
    this.#spare.close();
    await Promise.all(this.#all().map((edge) => edge.drain(graceMs)));
  }

  /** Replaces none from now on: they serve until a successor's edges listen. */
  leave(): void {
    this.#draining = true;
    this.#ticketKeys.stop();
    this.#spare.close();
  }

  /** Ends all at once. */
  kill(): void {
    this.#draining = true;
    this.#ticketKeys.stop();
    this.#spare.close();
    for (const edge of this.#all()) edge.kill();
  }

  #all(): EdgeProcess[] {
    return [...this.#edges.values(), ...this.#apart];
  }

  #spawn(slot: number): void {
    if (this.#draining) return;
    const startedMs = performance.now();
    let listened = false;
    const { edge } = this.#fork(`edge-${slot}`, false, (reason) =>
      this.#replace(slot, reason, listened, performance.now() - startedMs),
    );
    this.#edges.set(slot, edge);
    if (this.#open) edge.listen(this.#options.sockets.of(slot));
    edge.ready.then(
      () => {
        listened = true;
        for (const [id, socketPath] of this.#routes) edge.route(id, socketPath);
      },
      () => {},
    );
  }

  #fork(
    role: string,
    apart: boolean,
    onExit: (reason: string) => void,
  ): { readonly name: string; readonly peerSocket: string; readonly edge: EdgeProcess } {
    const { config, controlSocket, onOffence, issueLeaf } = this.#options;
    // The name of a predecessor may still be in use while it drains, so each start has its own.
    const name = `${role}-${process.pid}-${++this.#starts}`;
    const child = this.#spare.take();
    const { folder } = child;
    const edge = new EdgeProcess({
      child,
      start: {
        kind: "start",
        name,
        config,
        clockBaseMs: this.#options.clockBaseMs,
        folder,
        controlSocket,
        apart,
        ticketKeys: this.#ticketKeys.current,
      },
      patience: {
        cpuMs: config.limits.cpuMs + UNRESPONSIVE_MARGIN_MS,
        wallMs: config.limits.wallMs + UNRESPONSIVE_MARGIN_MS,
      },
      onExit: (reason) => {
        const culprit = takeCulprit(stuckFileOf(folder));
        if (culprit !== null) onOffence(culprit, "stuck");
        onExit(culprit === null ? reason : `stuck with ${culprit}`);
      },
      onOffence,
      issueLeaf,
      onLastSeries: (series) => void (this.#ended.length < MAX_ENDED && this.#ended.push([name, series])),
    });
    edge.ready.then(
      () => this.#spare.want(),
      () => {},
    );
    return { name, peerSocket: peerSocketOf(folder), edge };
  }

  #replace(slot: number, reason: string, listened: boolean, livedMs: number): void {
    if (this.#draining) return;
    const quick = listened && livedMs > SETTLED_MS ? 0 : (this.#quickDeaths.get(slot) ?? 0) + 1;
    this.#quickDeaths.set(slot, quick);
    this.#options.onRestart(`edge-${slot}`, reason);
    const delayMs = quick <= 1 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (quick - 2));
    setTimeout(() => this.#spawn(slot), delayMs);
  }
}

/** The deployment that an edge got stuck with, if any. */
function takeCulprit(file: string): DeploymentId | null {
  try {
    const culprit = readFileSync(file, "latin1") as DeploymentId;
    rmSync(file);
    return culprit;
  } catch {
    return null;
  }
}

function nothingAfter<Nothing>(ms: number, nothing: Nothing): Promise<Nothing> {
  return new Promise((resolve) => setTimeout(() => resolve(nothing), ms).unref());
}
