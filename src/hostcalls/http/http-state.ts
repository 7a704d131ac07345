// The HTTP state of one run: the incoming request, the outgoing response, what the guest created, sent and
// received.
import type { Limits } from "../../config/index.ts";
import { limitReached } from "../call-errors.ts";
import type { HostServices, IncomingRequest, OutboundResponse, OutgoingResponse } from "../types.ts";
import { HandleTable, type HandleBudget } from "./handle-table.ts";
import { HeaderTable } from "./header-table.ts";
import { Subrequests, type Pending } from "./subrequests.ts";

const EMPTY = new Uint8Array(0);

/** A request that the guest creates. */
export interface CreatedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderTable;
  body: Uint8Array;
}

/** A response from an upstream. */
export interface ReceivedResponse {
  readonly status: number;
  readonly headers: HeaderTable;
  readonly body: Uint8Array;
}

/** An answer on its way. Each call throws TerrariumError if there is no room for so many bytes. */
export interface Arrival {
  /** So many bytes of the body are here or announced. */
  readonly receive: (bytes: number) => void;
  /** The whole answer is here, decoded. */
  readonly complete: (answer: OutboundResponse) => OutboundResponse;
  /** It will not come. */
  readonly end: () => void;
}

/** Everything HTTP of one run. */
export class HttpState {
  readonly incoming: IncomingRequest;
  readonly outgoing: { status: number; readonly headers: HeaderTable; body: Uint8Array } = {
    status: 200,
    headers: new HeaderTable(),
    body: EMPTY,
  };
  readonly handles: HandleBudget;
  readonly requests: HandleTable<CreatedRequest>;
  readonly responses: HandleTable<ReceivedResponse>;
  readonly pendings: HandleTable<Pending>;
  readonly subrequests: Subrequests;
  readonly #limits: Limits;
  #incomingHeaders: HeaderTable | undefined;
  readonly #services: Pick<HostServices, "holdAnswers">;
  /** Complete answers that the guest has not received; null until there is one. */
  #arrivals: Map<OutboundResponse, Arrival> | null = null;
  #heldBytes = 0;
  /** Of answers that are not complete. */
  #arrivingBytes = 0;

  constructor(incoming: IncomingRequest, services: Pick<HostServices, "limits" | "holdAnswers">) {
    const { limits } = services;
    this.incoming = incoming;
    this.#services = services;
    this.#limits = limits;
    this.handles = { live: 0, allowed: limits.handles };
    this.requests = new HandleTable(this.handles);
    this.responses = new HandleTable(this.handles);
    this.pendings = new HandleTable(this.handles);
    this.subrequests = new Subrequests(limits.subrequests, limits.concurrentSubrequests);
  }

  /** Built on first use: many programs never look. */
  get incomingHeaders(): HeaderTable {
    this.#incomingHeaders ??= HeaderTable.from(this.incoming.headers);
    return this.#incomingHeaders;
  }

  /** Replaces a body that the host holds for the guest, within the limit for all of them. */
  hold(before: number, after: number): void {
    const held = this.#heldBytes - before + after;
    if (held > this.#limits.heldBytes)
      throw limitReached("bytes held in requests and responses", held, this.#limits.heldBytes, "heldBytes");
    if (held > this.#heldBytes) this.#services.holdAnswers?.(held + this.#arrivingBytes);
    this.#heldBytes = held;
  }

  /** Counts one answer from its first byte until the guest receives it or `end` is called. */
  arrival(): Arrival {
    let arrived = 0;
    const set = (bytes: number): void => {
      this.#arrivingBytes += bytes - arrived;
      arrived = bytes;
    };
    const arrival: Arrival = {
      receive: (bytes) => {
        if (bytes <= arrived) return;
        this.#services.holdAnswers?.(this.#heldBytes + this.#arrivingBytes + bytes - arrived);
        set(bytes);
      },
      complete: (answer) => {
        arrival.receive(answer.body.length);
        this.#arrivals ??= new Map();
        this.#arrivals.set(answer, arrival);
        return answer;
      },
      end: () => set(0),
    };
    return arrival;
  }

  /** Stores an upstream's response. */
  receive(answer: OutboundResponse): number {
    this.#arrivals?.get(answer)?.end();
    this.#arrivals?.delete(answer);
    this.hold(0, answer.body.length);
    return this.responses.add({
      status: answer.status,
      headers: HeaderTable.from(answer.headers),
      body: answer.body,
    });
  }

  /** What the edge sends. */
  response(): OutgoingResponse {
    return { status: this.outgoing.status, headers: this.outgoing.headers.list(), body: this.outgoing.body };
  }

  /** Forgets all handles. The run's signal ends what is still in flight. */
  dispose(): void {
    this.requests.clear();
    this.responses.clear();
    this.pendings.clear();
    this.subrequests.dispose();
  }
}
