// Deployments that burn CPU get their own edge: after three offences they move there, and when they have been
// quiet they move back. Their neighbours then share only the machine with them, and have priority.
import type { Offence, Series } from "../../edge/index.ts";
import type { DeploymentId } from "../../store/types.ts";

/** Offences that lead to quarantine. */
export const OFFENCES = 3;
/** Older offences are forgotten. */
const MEMORY_MS = 600_000;
/** Quarantine edges at once; further offenders share them. */
export const MAX_APART = 4;
/** A first quarantine ends after this long without requests, each further one after twice as long. */
export const QUIET_MS = 60_000;
const LONGEST_QUIET_MS = 3_600_000;
/** A deployment that stayed out of quarantine for so long begins again at the first. */
export const FORGIVEN_AFTER_MS = 24 * 3_600_000;
const LOOK_EVERY_MS = 10_000;
const RESTART_AFTER_MS = 500;
const GRACE_MS = 10_000;

/** An edge without ports of its own. */
export interface ApartEdge {
  readonly name: string;
  readonly socketPath: string;
  readonly ready: Promise<unknown>;
  series(): Promise<Series>;
  drain(graceMs: number): Promise<void>;
}

/** What quarantine needs from the edges. */
export interface QuarantineOptions {
  /** Starts one; `onExit` is called if it ends by itself. */
  readonly startApart: (onExit: () => void) => ApartEdge;
  /** Tells all edges where a deployment runs; null: anywhere. */
  readonly route: (id: DeploymentId, socketPath: string | null) => void;
  readonly now: () => number;
  readonly log: (id: DeploymentId, text: string) => void;
}

/** A deployment in quarantine, for people. */
export interface Quarantined {
  readonly sinceMs: number;
  readonly reason: string;
  readonly edge: string;
}

interface Cell {
  edge: ApartEdge;
  readonly inmates: Map<DeploymentId, { readonly sinceMs: number; readonly reason: string }>;
  requests: number;
  activeMs: number;
}

/** How often a deployment was in quarantine. */
interface Stays {
  readonly count: number;
  /** When the last one began or ended. */
  readonly lastMs: number;
}

const REASONS = {
  "cpu-limit": "its runs were stopped at the CPU limit",
  stuck: "a process got stuck with it and had to be killed",
  "cpu-share": "it took most of an edge's CPU while other deployments ran",
} as const satisfies Record<Offence, string>;

export class Quarantine {
  readonly #options: QuarantineOptions;
  readonly #offences = new Map<DeploymentId, readonly number[]>();
  readonly #stays = new Map<DeploymentId, Stays>();
  readonly #cells = new Set<Cell>();
  readonly #timer: NodeJS.Timeout;
  #closed = false;

  constructor(options: QuarantineOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  /** An edge reports an offence. */
  accuse(id: DeploymentId, offence: Offence): void {
    if (this.#closed || this.#cellOf(id) !== undefined) return;
    const nowMs = this.#options.now();
    const offences = [...(this.#offences.get(id) ?? []).filter((atMs) => nowMs - atMs < MEMORY_MS), nowMs];
    this.#offences.set(id, offences);
    // A stuck process takes all its requests with it; next time there must be nobody else's among them.
    if (offences.length >= OFFENCES || offence === "stuck") this.#isolate(id, REASONS[offence]);
  }

  /** Null for a deployment that is not in quarantine. */
  of(id: DeploymentId): Quarantined | null {
    const cell = this.#cellOf(id);
    const inmate = cell?.inmates.get(id);
    return cell === undefined || inmate === undefined ? null : { ...inmate, edge: cell.edge.name };
  }

  /** A deployment is gone. */
  forget(id: DeploymentId): void {
    this.#offences.delete(id);
    this.#stays.delete(id);
    const cell = this.#cellOf(id);
    if (cell === undefined) return;
    cell.inmates.delete(id);
    if (cell.inmates.size === 0) this.#close(cell);
  }

  /** Ends quarantines that have been quiet. */
  async look(): Promise<void> {
    for (const cell of this.#cells) {
      const { terrarium_requests_total: requests } = await cell.edge.series();
      const nowMs = this.#options.now();
      if (requests === undefined || requests !== cell.requests) {
        cell.requests = requests ?? cell.requests;
        cell.activeMs = nowMs;
      } else if (nowMs - cell.activeMs >= this.#quietMs(cell)) this.#release(cell);
    }
  }

  /** Starts nothing more. Ending the edges is up to the pool. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  #cellOf(id: DeploymentId): Cell | undefined {
    return this.#cells.values().find(({ inmates }) => inmates.has(id));
  }

  #isolate(id: DeploymentId, reason: string): void {
    const cell = this.#cells.size < MAX_APART ? this.#open() : this.#emptiest();
    const nowMs = this.#options.now();
    const { count, lastMs } = this.#stays.get(id) ?? { count: 0, lastMs: nowMs };
    this.#stays.set(id, { count: nowMs - lastMs < FORGIVEN_AFTER_MS ? count + 1 : 1, lastMs: nowMs });
    cell.inmates.set(id, { sinceMs: nowMs, reason });
    this.#options.log(id, `moved to an edge of its own: ${reason}`);
    void this.#announce(cell);
  }

  /** How long a cell must be quiet: the longest that any of its deployments has to. */
  #quietMs({ inmates }: Cell): number {
    const counts = [...inmates.keys()].map((id) => this.#stays.get(id)?.count ?? 1);
    return Math.min(QUIET_MS * 2 ** (Math.max(...counts) - 1), LONGEST_QUIET_MS);
  }

  #open(): Cell {
    const cell: Cell = {
      edge: this.#start(() => cell),
      inmates: new Map(),
      requests: -1,
      activeMs: this.#options.now(),
    };
    this.#cells.add(cell);
    return cell;
  }

  #start(cell: () => Cell): ApartEdge {
    return this.#options.startApart(() => setTimeout(() => this.#restart(cell()), RESTART_AFTER_MS));
  }

  #restart(cell: Cell): void {
    if (this.#closed || !this.#cells.has(cell)) return;
    cell.edge = this.#start(() => cell);
    void this.#announce(cell);
  }

  /**
   * Once the edge listens, its peers forward requests to it. If it never does, its exit starts another one.
   */
  async #announce(cell: Cell): Promise<void> {
    const { edge } = cell;
    try {
      await edge.ready;
    } catch {
      return;
    }
    if (cell.edge !== edge || !this.#cells.has(cell)) return;
    for (const id of cell.inmates.keys()) this.#options.route(id, edge.socketPath);
  }

  #emptiest(): Cell {
    return [...this.#cells].reduce((least, cell) => (cell.inmates.size < least.inmates.size ? cell : least));
  }

  /** On probation: the next offence brings it back. */
  #release(cell: Cell): void {
    const nowMs = this.#options.now();
    for (const id of cell.inmates.keys()) {
      this.#offences.set(
        id,
        Array.from({ length: OFFENCES - 1 }, () => nowMs),
      );
      this.#stays.set(id, { count: this.#stays.get(id)?.count ?? 1, lastMs: nowMs });
      this.#options.route(id, null);
      this.#options.log(id, "left the edge of its own: it was quiet");
    }
    this.#close(cell);
  }

  #close(cell: Cell): void {
    this.#cells.delete(cell);
    void cell.edge.drain(GRACE_MS);
  }
}
