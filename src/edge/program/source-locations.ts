// Where in the source a fault happened. The compiler process knows, and belongs to the supervisor. An edge
// asks once per location, and shows function name and offset if the answer does not arrive soon.
import type { TrapFrame } from "../../engine/index.ts";
import type { Awaitable, DeploymentId } from "../../store/types.ts";

/** Frames shown to the client; the innermost are the most useful. */
const MAX_FRAMES = 8;
/**
 * A client waits this long for lines; the answer is kept for the next fault. A warm symbolizer takes 45 ms.
 */
const DEADLINE_MS = 500;
/** Lookups at once; further faults are shown without lines. */
const MAX_QUESTIONS = 4;
/** Locations kept; the oldest are dropped first. */
const MAX_LOCATIONS = 10_000;

/** A line of the source. Lines and columns count from 1. */
export interface SourceLocation {
  /** Null: the frame's own function; otherwise one inlined there. */
  readonly functionName: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/**
 * Locations of byte offsets into a deployment's module as built; inlined callees first, empty where unknown.
 */
export type LookUpLocations = (
  id: DeploymentId,
  offsets: readonly number[],
) => Promise<readonly (readonly SourceLocation[])[]>;

export class SourceLocations {
  readonly #lookUp: LookUpLocations;
  readonly #deadlineMs: number;
  readonly #known = new Map<string, readonly SourceLocation[]>();
  readonly #questions = new Map<string, Promise<void>>();

  constructor(lookUp: LookUpLocations, deadlineMs = DEADLINE_MS) {
    this.#lookUp = lookUp;
    this.#deadlineMs = deadlineMs;
  }

  /** The frames as text, innermost first, one per line; null if there are none. Never rejects. */
  describe(id: DeploymentId, frames: readonly TrapFrame[]): Awaitable<string | null> {
    const shown = frames.slice(0, MAX_FRAMES);
    if (shown.length === 0) return null;
    const unknown = [
      ...new Set(
        shown.flatMap(({ offset }) => (offset === null || this.#known.has(`${id} ${offset}`) ? [] : offset)),
      ),
    ];
    const question = unknown.length === 0 ? undefined : this.#question(id, unknown);
    if (question === undefined) return this.#text(id, shown);
    return withinDeadline(question, this.#deadlineMs).then(() => this.#text(id, shown));
  }

  /** Undefined if there are too many. */
  #question(id: DeploymentId, offsets: readonly number[]): Promise<void> | undefined {
    const key = `${id} ${offsets.join(" ")}`;
    const underWay = this.#questions.get(key);
    if (underWay !== undefined || this.#questions.size >= MAX_QUESTIONS) return underWay;
    const question = this.#ask(id, offsets).finally(() => this.#questions.delete(key));
    this.#questions.set(key, question);
    return question;
  }

  async #ask(id: DeploymentId, offsets: readonly number[]): Promise<void> {
    try {
      const locations = await this.#lookUp(id, offsets);
      for (const [index, offset] of offsets.entries())
        this.#known.set(`${id} ${offset}`, locations[index] ?? []);
    } catch {
      // The supervisor is unavailable or busy: the next fault asks again.
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_LOCATIONS) return;
      this.#known.delete(oldest);
    }
  }

  #text(id: DeploymentId, frames: readonly TrapFrame[]): string {
    return frames
      .flatMap((frame) => describeFrame(frame, this.#known.get(`${id} ${frame.offset}`) ?? []))
      .join("\n  at ");
  }
}

function describeFrame(
  { functionName, functionIndex, offset }: TrapFrame,
  locations: readonly SourceLocation[],
): string[] {
  const name = functionName ?? `function ${functionIndex}`;
  const located = locations.filter(({ file }) => file !== null);
  if (located.length > 0)
    return located.map((location) => `${location.functionName ?? name} (${spelled(location)})`);
  return [offset === null ? name : `${name} (offset 0x${offset.toString(16)})`];
}

function spelled({ file, line, column }: SourceLocation): string {
  return [file, line, line === null ? null : column].filter((part) => part !== null).join(":");
}

async function withinDeadline(done: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([done, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
