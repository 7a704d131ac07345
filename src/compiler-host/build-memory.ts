// Memory of all builds together. Limits of single processes do not bound it: a build starts as many as it
// likes. Beyond the limit the build that uses most ends.
import { inMebibytes } from "../config/byte-size.ts";
import { TerrariumError } from "../errors/index.ts";
import { treeBytes } from "../processes/tree-memory.ts";

const LOOK_EVERY_MS = 200;

/** Roots of the process trees that work for a build, by the signal that ends it. */
const processes = new Map<AbortSignal, Set<number>>();

/** Counts a process, and all below it, for the build that this signal ends. Returns how to stop that. */
export function trackProcess(pid: number | undefined, signal: AbortSignal): () => void {
  if (pid === undefined) return () => undefined;
  const roots = processes.get(signal) ?? new Set();
  processes.set(signal, roots.add(pid));
  return () => {
    roots.delete(pid);
    if (roots.size === 0) processes.delete(signal);
  };
}

/** A build under way. */
interface RunningBuild {
  readonly signal: AbortSignal;
  readonly language: string;
  /** Ends the build; its processes end with it. */
  readonly end: (error: TerrariumError) => void;
}

/** The limit in force, in bytes. */
export class BuildMemory {
  readonly #maxBytes: number;
  readonly #builds = new Set<RunningBuild>();
  #timer: NodeJS.Timeout | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Runs a build that may be ended with TER_BUILD_MEMORY. */
  async during<T>(build: RunningBuild, run: () => Promise<T>): Promise<T> {
    this.#builds.add(build);
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    try {
      return await run();
    } finally {
      this.#builds.delete(build);
      if (this.#builds.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  #look(): void {
    const bytes = treeBytes([...processes.values()].flatMap((roots) => [...roots]));
    const used = [...this.#builds].map((build) => ({
      build,
      bytes: [...(processes.get(build.signal) ?? [])].reduce((sum, pid) => sum + (bytes.get(pid) ?? 0), 0),
    }));
    const [largest] = used.toSorted((a, b) => b.bytes - a.bytes);
    const total = used.reduce((sum, each) => sum + each.bytes, 0);
    if (largest === undefined || total <= this.#maxBytes) return;
    const { language, end } = largest.build;
    const [own, allowed] = [largest.bytes, this.#maxBytes].map(inMebibytes);
    end(new TerrariumError("TER_BUILD_MEMORY", { language, used: own ?? "", allowed: allowed ?? "" }));
  }
}
