// Which requests an edge takes: nobody takes it all. Requests to the API have slots of their own, so that a
// flood at a deployment never keeps the operator out.
import { sourceOf } from "../../config/client-source.ts";
import { TerrariumError } from "../../errors/index.ts";
import { type Exchange, MAX_IN_FLIGHT_PER_CONNECTION } from "../request/exchange.ts";
import { HeldMemory, type MemoryAccount } from "./held-memory.ts";
import { Shares } from "./shares.ts";

/** Requests to the API that one edge passes on at once. */
const API_SLOTS = 256;
/** Of these, slots that only the machine's own clients can have: the operator gets in. */
const API_SLOTS_OF_THE_MACHINE = 32;
/** One deployment may hold so many times as many slots as are free: alone, two thirds of them. */
const DEPLOYMENT_FACTOR = 2;

export interface AdmissionOptions {
  /** Requests to deployments that run at once. */
  readonly maxInFlight: number;
  /** Strangers may connect: sources and deployments get shares. */
  readonly isShared: boolean;
  /** Bytes that requests may hold while they wait. */
  readonly maxHeldBytes: number;
}

/** What a request took, to be given back once it is over. */
export interface Admitted {
  readonly shares: Shares;
  readonly source: string | null;
  /** Opened when the request first holds memory. */
  memory: MemoryAccount | null;
}

type Asking = Pick<Exchange, "clientAddress" | "isLocal" | "depth" | "connection">;

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #programs: Shares;
  readonly #api = new Shares(API_SLOTS);
  readonly memory: HeldMemory;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#programs = new Shares(options.maxInFlight);
    this.memory = new HeldMemory({ maxBytes: options.maxHeldBytes, isShared: options.isShared });
  }

  /** Takes a slot. Throws TER_EDGE_BUSY or TER_EDGE_SOURCE_BUSY. */
  enter(exchange: Asking, isForApi: boolean): Admitted {
    const { connection, clientAddress, isLocal, depth } = exchange;
    if (connection.inFlight >= MAX_IN_FLIGHT_PER_CONNECTION) throw new TerrariumError("TER_EDGE_BUSY");
    const shares = isForApi ? this.#api : this.#programs;
    const reserved = isForApi && !isLocal ? API_SLOTS_OF_THE_MACHINE : 0;
    const free = shares.free - reserved;
    if (free <= 0) throw new TerrariumError("TER_EDGE_BUSY");
    // A guest's request was caused by one that has a slot already.
    const source = this.#options.isShared && depth === 0 ? sourceOf(clientAddress) : null;
    if (source !== null && shares.heldBy(source) >= free)
      throw new TerrariumError("TER_EDGE_SOURCE_BUSY", { used: shares.heldBy(source) });
    shares.take(source);
    connection.inFlight++;
    return { shares, source, memory: null };
  }

  leave({ connection }: Pick<Exchange, "connection">, { shares, source, memory }: Admitted): void {
    connection.inFlight--;
    shares.giveBack(source);
    memory?.close();
  }

  /** The account of what a request holds. */
  memoryOf(admitted: Admitted, deployment: string): MemoryAccount {
    admitted.memory ??= this.memory.open(admitted.source, deployment);
    return admitted.memory;
  }

  /** Throws TER_EDGE_DEPLOYMENT_BUSY if a deployment holds its share already. */
  checkShareOf(deployment: { readonly inFlight: number }): void {
    if (!this.#options.isShared) return;
    if (deployment.inFlight > DEPLOYMENT_FACTOR * this.#programs.free)
      throw new TerrariumError("TER_EDGE_DEPLOYMENT_BUSY", { used: deployment.inFlight });
  }
}
