// Requests through the operator's own proxies: who sent them, by which scheme and for which name stands in
// headers. Anybody can write these, so they count only on connections of addresses that the operator trusts,
// and only as far back as trusted addresses go.
import { BlockList, isIP } from "node:net";
import { isAuthority } from "./authority.ts";
import { bareAddress } from "./client-address.ts";
import type { Origin } from "./exchange.ts";
import { malformed } from "./head.ts";

/** Proxies behind one another; what a client wrote before them is not looked at. */
const MAX_HOPS = 16;
/** `192.0.2.1:1234` and `[2001:db8::1]:1234`, with or without the port. */
const NODE = /^(?:\[([0-9a-f:.]{2,45})\]|([0-9a-f:.]{2,45}?))(?::\d{1,5})?$/i;
const PARAMETER = /\s*([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w:[\]-]*))\s*([;,]|$)/y;

/** Gives a header by its lower-case name; several lines of it are one list. */
type HeaderOf = (name: string) => string | undefined;

/** What a request's headers say. */
export interface ForwardedRequest {
  readonly origin: Origin;
  /** The name that the client asked for; null: as in the request. */
  readonly authority: string | null;
}

/** One proxy's account, from the side of the client to ours; a field is null where it says nothing. */
interface Hop {
  readonly client: string | null;
  readonly scheme: string | null;
  readonly host: string | null;
}

export class TrustedProxies {
  readonly #networks = new BlockList();

  /** Networks such as `10.0.0.0/8`, and single addresses. */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = "", prefix] = network.split("/");
      const family = isIP(address) === 4 ? "ipv4" : "ipv6";
      this.#networks.addSubnet(address, Number(prefix ?? (family === "ipv4" ? 32 : 128)), family);
    }
  }

  has(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#networks.check(address, family === 4 ? "ipv4" : "ipv6");
  }

  /** Throws TER_EDGE_BAD_REQUEST for headers that cannot be read or contradict each other. */
  read({ clientAddress: proxy, scheme, depth }: Origin, headerOf: HeaderOf): ForwardedRequest {
    const hops = hopsOf(headerOf);
    let client = proxy;
    let index = hops.length;
    while (index > 0 && hops.length - index < MAX_HOPS && this.has(client)) {
      const next = addressOf(hops[index - 1]?.client ?? null);
      if (next === null) break;
      client = next;
      index--;
    }
    const hop = hops[Math.min(index, hops.length - 1)];
    return {
      origin: {
        scheme: hop?.scheme === "https" ? "https" : hop?.scheme === "http" ? "http" : scheme,
        clientAddress: client,
        depth,
        isLocal: false,
      },
      authority: authorityOf(hop?.host ?? null),
    };
  }
}

function hopsOf(headerOf: HeaderOf): Hop[] {
  const [forwarded, clients] = [headerOf("forwarded"), headerOf("x-forwarded-for")];
  const byStandard = forwarded === undefined ? null : parseForwarded(forwarded);
  const schemes = listOf(headerOf("x-forwarded-proto"));
  const hosts = listOf(headerOf("x-forwarded-host"));
  if (clients === undefined && schemes.length === 0 && hosts.length === 0) return byStandard ?? [];
  const addresses = clients === undefined ? [null] : listOf(clients);
  const byCustom = addresses.map((client, index) => ({
    client,
    scheme: matching(schemes, index, addresses.length)?.toLowerCase() ?? null,
    host: matching(hosts, index, addresses.length),
  }));
  // A proxy writes one kind and lets the other pass as the client wrote it: which of them cannot be told.
  const [one, other] = [byStandard?.at(-1), byCustom.at(-1)];
  if (one !== undefined && other !== undefined && addressOf(one.client) !== addressOf(other.client))
    throw malformed("the headers forwarded and x-forwarded-for name different clients");
  return byCustom;
}

/** Of as many values as there are clients, this client's; otherwise the last, which the nearest proxy wrote. */
function matching(values: readonly string[], index: number, count: number): string | null {
  return (values.length === count ? values[index] : values.at(-1)) ?? null;
}

function listOf(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(",").map((value) => value.trim());
}

/** RFC 7239. */
function parseForwarded(header: string): Hop[] {
  const hops: Hop[] = [];
  let hop = new Map<string, string>();
  PARAMETER.lastIndex = 0;
  while (PARAMETER.lastIndex < header.length) {
    const match = PARAMETER.exec(header);
    if (match === null) throw malformed("the Forwarded header cannot be read");
    const [, name = "", quoted, token, separator] = match;
    hop.set(name.toLowerCase(), quoted === undefined ? (token ?? "") : quoted.replaceAll(/\\(.)/g, "$1"));
    if (separator === ";") continue;
    hops.push({
      client: hop.get("for") ?? null,
      scheme: hop.get("proto")?.toLowerCase() ?? null,
      host: hop.get("host") ?? null,
    });
    hop = new Map();
    if (separator === "") break;
  }
  return hops;
}

/** Null for what is not an address, such as `unknown`. */
function addressOf(node: string | null): string | null {
  const match = node === null ? null : NODE.exec(node);
  const address = match?.[1] ?? match?.[2] ?? "";
  if (isIP(address) !== 0) return bareAddress(address);
  return node !== null && isIP(node) !== 0 ? bareAddress(node) : null;
}

function authorityOf(host: string | null): string | null {
  if (host === null || host === "") return null;
  if (!isAuthority(host)) throw malformed("the forwarded host is not a name");
  return host;
}
