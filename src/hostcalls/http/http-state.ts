// The HTTP state of one run: the incoming request, the outgoing response, what the guest created, sent and
// received.
import type { Limits } from "../../config/index.ts";
import { limitReached } from "../call-errors.ts";
import type { IncomingRequest, OutboundResponse, OutgoingResponse } from "../types.ts";
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
  #heldBytes = 0;

  constructor(incoming: IncomingRequest, limits: Limits) {
    this.incoming = incoming;
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
    this.#heldBytes = held;
  }

  /** Stores an upstream's response. */
  receive(answer: OutboundResponse): number {
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
