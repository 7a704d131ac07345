// Wall-clock limits of waiting runs: one coarse timer wheel for all of them, and no timer per request.

/** Width of a bucket: a run ends at most this long after its deadline, plus the delay of the event loop. */
const BUCKET_MS = 10;

/** Something with a deadline on `performance.now()`. */
export interface Expiring {
  readonly wallDeadlineMs: number;
  expire(): void;
}

/** The wheel. Its timer runs only while the wheel has members. */
export class Deadlines {
  readonly #buckets = new Map<number, Set<Expiring>>();
  #count = 0;
  #timer: NodeJS.Timeout | null = null;
  #sweptTo = 0;

  /** Number of members. */
  get size(): number {
    return this.#count;
  }

  /** Adds a member; adding it twice changes nothing. */
  add(expiring: Expiring): void {
    const bucket = bucketOf(expiring);
    const members = this.#buckets.get(bucket) ?? new Set();
    if (members.has(expiring)) return;
    if (members.size === 0) this.#buckets.set(bucket, members);
    members.add(expiring);
    this.#count += 1;
    if (this.#timer === null) this.#start();
    // A deadline that has already passed would lie behind the sweep.
    this.#sweptTo = Math.min(this.#sweptTo, bucket - 1);
  }

  delete(expiring: Expiring): void {
    const members = this.#buckets.get(bucketOf(expiring));
    if (members?.delete(expiring) !== true) return;
    this.#count -= 1;
    if (this.#count === 0) this.#stop();
  }

  #start(): void {
    this.#sweptTo = Math.floor(performance.now() / BUCKET_MS);
    this.#timer = setInterval(() => this.#sweep(), BUCKET_MS);
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#buckets.clear();
  }

  #sweep(): void {
    const last = Math.floor(performance.now() / BUCKET_MS) - 1;
    for (let bucket = this.#sweptTo + 1; bucket <= last; bucket += 1) this.#expire(bucket);
    this.#sweptTo = Math.max(this.#sweptTo, last);
  }

  #expire(bucket: number): void {
    const members = this.#buckets.get(bucket);
    this.#buckets.delete(bucket);
    if (members === undefined) return;
    this.#count -= members.size;
    for (const member of members) member.expire();
    if (this.#count === 0) this.#stop();
  }
}

function bucketOf(expiring: Expiring): number {
  return Math.floor(expiring.wallDeadlineMs / BUCKET_MS);
}
