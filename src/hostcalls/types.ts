// What hostcalls need from the platform, and what they return to the edge.
import type { Limits } from "../config/index.ts";
import type { KeyValueNamespace } from "../store/types.ts";

/**
 * Name and value pairs in order; names in any letter case, repeated for several values. Values are bytes, one
 * per UTF-16 unit.
 */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/**
 * The incoming request, already limited and cleaned by the edge: exactly one host, no pseudo-headers,
 * fastly-client-ip set.
 */
export interface IncomingRequest {
  readonly id: string;
  readonly method: string;
  /** Path and query, raw as sent. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** The response that a guest built. Framing headers are already gone; names are in lower case. */
export interface OutgoingResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** An outgoing request of a guest. */
export interface OutboundRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** An upstream's response, with its body complete and decoded, and then without content-encoding. */
export interface OutboundResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** What one run allows one of its requests. */
export interface OutboundGrant {
  /** Ends when the run does. */
  readonly signal: AbortSignal;
  /** Called before each redirect is followed; throws TER_GUEST_LIMIT when the run's budget is used up. */
  readonly spend: () => void;
  /** Called with the bytes of the answer that have arrived or are announced; throws if there is no room. */
  readonly receive: (bytes: number) => void;
}

/**
 * HTTP requests of one run: policy, redirects, decoding. Rejects with an Error on any failure; its message is
 * for the guest's log.
 */
export interface Outbound {
  send(request: OutboundRequest, grant: OutboundGrant): Promise<OutboundResponse>;
}

/** DNS for guests. */
export interface Resolver {
  /** A whole DNS message to a whole answer carrying the same transaction id. Rejects on failure. */
  raw(query: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  /** 4- or 16-byte addresses. Rejects if there is none. */
  addresses(name: string, ipv6: boolean, signal: AbortSignal): Promise<Uint8Array[]>;
}

/** One line of a deployment's log. */
export type GuestLog = (source: "debug" | "stdout" | "stderr" | "platform", text: string) => void;

/** Everything in the platform that one run may use. */
export interface HostServices {
  readonly keyValue: KeyValueNamespace;
  /** The settings, as `encodeEnvironment` makes them. */
  readonly environment: readonly Uint8Array[];
  readonly outbound: Outbound;
  readonly resolver: Resolver;
  readonly log: GuestLog;
  /**
   * Replaces what requests and answers of the run hold, in bytes. Throws TerrariumError if there is no room.
   * Absent: there always is.
   */
  readonly holdAnswers?: (bytes: number) => void;
  /** Milliseconds with fraction since the Unix epoch. */
  readonly now: () => number;
  /** Fills the view with strong random bytes. */
  readonly random: (view: Uint8Array) => void;
  /** Resolves after the time or rejects when the signal ends; the default is a timer. */
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly limits: Limits;
}
