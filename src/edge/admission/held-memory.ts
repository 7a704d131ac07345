// Memory that requests hold while they wait: bodies that arrive, memories of waiting programs, answers of
// upstreams. It is bounded for the edge and shared among sources and deployments.
import { inMebibytes } from "../../config/byte-size.ts";
import { TerrariumError } from "../../errors/index.ts";

/** One deployment may hold so many times as many bytes as are free: alone, two thirds of them. */
const DEPLOYMENT_FACTOR = 2;

/**
 * So little costs nothing: whoever holds a whole share can still receive the short answer that its programs
 * wait for.
 */
const SMALL_BYTES = 16 * 1024;

/** What a request can hold. */
export type HeldKind = "body" | "guest" | "answers";

export interface HeldMemoryOptions {
  /** Of all requests in flight. */
  readonly maxBytes: number;
  /** Strangers may connect: sources and deployments get shares. */
  readonly isShared: boolean;
}

/** Bytes held by one source or one deployment. */
interface Holder {
  bytes: number;
}

/** The bytes of one edge. */
export class HeldMemory {
  /** The process as a whole exceeds its limit: no request may hold more than it does now. */
  isFull = false;
  readonly #options: HeldMemoryOptions;
  readonly #holders = new Map<string, Holder>();
  #bytes = 0;

  constructor(options: HeldMemoryOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The account of one request. `source`: null for a request that a program sent. */
  open(source: string | null, deployment: string): MemoryAccount {
    return new MemoryAccount(this, source === null ? null : `from ${source}`, `at ${deployment}`);
  }

  /** Adds bytes to what the holders have. Throws TER_EDGE_MEMORY_FULL, which adds nothing. */
  take(bytes: number, source: string | null, deployment: string): void {
    if (bytes > 0) this.#check(bytes, source, deployment);
    this.#bytes += bytes;
    if (source !== null) this.#add(source, bytes);
    this.#add(deployment, bytes);
  }

  #check(bytes: number, source: string | null, deployment: string): void {
    const { maxBytes, isShared } = this.#options;
    const left = maxBytes - this.#bytes - bytes;
    if (left < 0 || this.isFull) throw full("all requests hold", this.#bytes, maxBytes);
    if (!isShared) return;
    const [own, deployments] = [source === null ? 0 : this.#heldBy(source), this.#heldBy(deployment)];
    if (own > 0 && own + bytes > left) throw full("your address holds", own, maxBytes);
    if (deployments > 0 && deployments + bytes > DEPLOYMENT_FACTOR * left)
      throw full("this deployment holds", deployments, maxBytes);
  }

  #heldBy(holder: string): number {
    return this.#holders.get(holder)?.bytes ?? 0;
  }

  #add(name: string, bytes: number): void {
    const holder = this.#holders.get(name) ?? { bytes: 0 };
    holder.bytes += bytes;
    if (holder.bytes > 0) this.#holders.set(name, holder);
    else this.#holders.delete(name);
  }
}

/** What one request holds. */
export class MemoryAccount {
  readonly #memory: HeldMemory;
  readonly #source: string | null;
  readonly #deployment: string;
  readonly #held: Record<HeldKind, number> = { body: 0, guest: 0, answers: 0 };
  #isClosed = false;

  constructor(memory: HeldMemory, source: string | null, deployment: string) {
    this.#memory = memory;
    this.#source = source;
    this.#deployment = deployment;
  }

  /**
   * Replaces what the request holds of this kind, in bytes. Throws TER_EDGE_MEMORY_FULL, which changes
   * nothing.
   */
  hold(kind: HeldKind, bytes: number): void {
    if (this.#isClosed) return;
    const charged = bytes <= SMALL_BYTES ? 0 : bytes;
    this.#memory.take(charged - this.#held[kind], this.#source, this.#deployment);
    this.#held[kind] = charged;
  }

  /** The request is over. */
  close(): void {
    for (const kind of ["body", "guest", "answers"] as const) this.hold(kind, 0);
    this.#isClosed = true;
  }
}

function full(who: string, used: number, allowed: number): TerrariumError {
  return new TerrariumError("TER_EDGE_MEMORY_FULL", {
    who,
    used: inMebibytes(used),
    allowed: inMebibytes(allowed),
  });
}
