// Processes that become edges. One is kept spare: it has loaded the edge's program, which takes most of an
// edge's start, and waits to be told what to serve. So an edge that dies is replaced, or a quarantine gets
// its edge, within tens of milliseconds.
import { EdgeChild, type EdgeHousing } from "./edge-child.ts";
import { edgeFolder } from "./run-directory.ts";

/** A spare starts this long after it is wanted, so that it does not compete with whatever made it wanted. */
const WANTED_MS = 1000;

/** Forks edges. */
export class SpareEdge {
  readonly #housing: EdgeHousing;
  /** Parent of the edges' own folders. */
  readonly #runDir: string;
  readonly #wantedMs: number;
  #spare: EdgeChild | null = null;
  #wanted: NodeJS.Timeout | undefined;
  #closed = false;
  #forks = 0;

  constructor(housing: EdgeHousing, runDir: string, wantedMs = WANTED_MS) {
    this.#housing = housing;
    this.#runDir = runDir;
    this.#wantedMs = wantedMs;
  }

  /** Of the spare. */
  get pid(): number | undefined {
    return this.#spare?.pid;
  }

  /**
   * The spare if there is one, otherwise a process that has just been forked. Neither has received a message.
   */
  take(): EdgeChild {
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
    this.#spare?.kill();
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
    spare.onEnd(lost);
  }

  #fork(): EdgeChild {
    return new EdgeChild(this.#housing, edgeFolder(this.#runDir, ++this.#forks));
  }
}
