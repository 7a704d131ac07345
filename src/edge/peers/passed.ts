// What travels with a request from one process of the platform to another, over Unix sockets only.
// On every other listener the header is nothing but a name that guests never see.
import type { Exchange } from "../request/exchange.ts";

/** Holds the JSON below. */
export const PASSED_HEADER = "x-terrarium-passed";

/** What the next process cannot know. */
export interface Passed {
  /** Bare address of the client. */
  readonly client: string;
  readonly scheme: "http" | "https";
  /** Deployments between the client and this request. */
  readonly depth: number;
}

export function encodePassed(exchange: Exchange): string {
  const passed: Passed = { client: exchange.clientAddress, scheme: exchange.scheme, depth: exchange.depth };
  return JSON.stringify(passed);
}

/** Undefined if the header is missing or not what `encodePassed` writes. */
export function decodePassed(header: string | undefined): Passed | undefined {
  if (header === undefined) return undefined;
  try {
    const { client, scheme, depth } = JSON.parse(header) as Partial<Passed>;
    const sound =
      typeof client === "string" && (scheme === "http" || scheme === "https") && typeof depth === "number";
    return sound ? { client, scheme, depth } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Headers that an edge sets, dropping the client's own, on a request that it passes to the control socket.
 */
export const CONTROL_HEADERS = {
  /** Bare address of the client. */
  client: "x-terrarium-client",
  /** `http` or `https`: how the client came. */
  scheme: "x-terrarium-scheme",
} as const;
