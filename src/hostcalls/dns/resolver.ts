// DNS for guests: their own messages, checked and with the transaction id replaced on the wire, and addresses
// of names.
import { getServers } from "node:dns";
import { isIPv6 } from "node:net";
import type { ListenAddress } from "../../config/index.ts";
import { parseIpAddress } from "../http/outbound/address.ts";
import type { Resolver } from "../types.ts";
import { queryServer, type DnsAnswer } from "./query-server.ts";
import { MalformedMessage, readMessage, TYPE, type Message } from "./message.ts";
import { encodeQuery, MAX_QUERY_BYTES, toHostName } from "./query.ts";
import { Reason } from "../../errors/index.ts";

export interface ResolverOptions {
  /** Null: the servers of the system. */
  readonly server: ListenAddress | null;
  /** Fills the view with strong random bytes: transaction ids. */
  readonly random: (view: Uint8Array) => void;
  /** Longest time for one answer. */
  readonly totalMs?: number;
  /** Time after which the query is sent again. */
  readonly retryMs?: number;
}

const TOTAL_MS = 5000;
const RETRY_MS = 1600;
const DNS_PORT = 53;
const OPCODE_QUERY = 0;
const MAX_ALIASES = 8;
const MAX_ADDRESSES = 256;

/** Creates a resolver. It keeps no cache and no socket between queries. */
export function createResolver(options: ResolverOptions): Resolver {
  return {
    async raw(query, signal) {
      checkQuery(query);
      const { bytes } = await ask(options, query, signal);
      bytes.set(query.subarray(0, 2), 0);
      return bytes;
    },
    addresses: (name, ipv6, signal) => addressesOf(options, name, ipv6, signal),
  };
}

/** Throws MalformedMessage unless the bytes are one question, followed by nothing but EDNS. */
function checkQuery(query: Uint8Array): void {
  if (query.length > MAX_QUERY_BYTES)
    throw new MalformedMessage(`the query is longer than ${MAX_QUERY_BYTES} bytes`);
  const message = readMessage(query);
  if (message.isResponse || message.opcode !== OPCODE_QUERY)
    throw new MalformedMessage("the message is not a query");
  if (message.questions.length !== 1 || message.answers.length > 0 || message.authorities > 0)
    throw new MalformedMessage("the query does not hold one question");
  if (message.length !== query.length) throw new MalformedMessage("the query has trailing bytes");
}

/**
 * Queries the servers in turn, each time with a new id from a new port, until one answers or time runs out.
 */
async function ask(options: ResolverOptions, query: Uint8Array, signal: AbortSignal): Promise<DnsAnswer> {
  const servers = options.server === null ? systemServers() : [options.server];
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.totalMs ?? TOTAL_MS)]);
  let failure: unknown = new Reason("there is no DNS server");
  for (let attempt = 0; !deadline.aborted; attempt += 1) {
    const server = servers[attempt % servers.length];
    if (server === undefined) break;
    const wire = new Uint8Array(query);
    options.random(wire.subarray(0, 2));
    try {
      return await queryServer(
        server,
        wire,
        AbortSignal.any([deadline, AbortSignal.timeout(options.retryMs ?? RETRY_MS)]),
      );
    } catch (error) {
      failure = error;
      if (error instanceof MalformedMessage || ((attempt + 1) % servers.length === 0 && isFinal(error)))
        break;
    }
  }
  throw failure;
}

/** Whether a retry is pointless: the machine reported at once that there is no route to the server. */
function isFinal(error: unknown): boolean {
  return error instanceof Error && error.message === "the DNS server cannot be reached";
}

async function addressesOf(
  options: ResolverOptions,
  text: string,
  ipv6: boolean,
  signal: AbortSignal,
): Promise<Uint8Array[]> {
  const literal = parseIpAddress(text);
  if (literal !== null && literal.length === (ipv6 ? 16 : 4)) return [literal];
  let name = toHostName(text);
  if (name === null || literal !== null) throw new Reason("the name is not a host name");
  for (let aliases = 0; aliases <= MAX_ALIASES; aliases += 1) {
    const { message } = await ask(options, encodeQuery(name, ipv6 ? TYPE.aaaa : TYPE.a), signal);
    const found = follow(message, name, ipv6 ? TYPE.aaaa : TYPE.a);
    if (found.addresses.length > 0) return found.addresses;
    if (found.last === name || found.last === "") break;
    name = found.last;
  }
  throw new Reason("the name has no such address");
}

/** Addresses at the end of the chain of aliases that starts at `name`, and that end. */
function follow(
  message: Message,
  name: string,
  type: number,
): { readonly addresses: Uint8Array[]; readonly last: string } {
  let last = name;
  for (let aliases = 0; aliases < MAX_ALIASES; aliases += 1) {
    const alias = message.answers.find((record) => record.type === TYPE.cname && record.name === last);
    if (alias?.target === undefined || alias.target === null) break;
    last = alias.target;
  }
  const addresses = message.answers
    .filter((record) => record.type === type && record.name === last)
    .map((record) => new Uint8Array(record.data));
  if (addresses.length > MAX_ADDRESSES) throw new Reason(`the name has more than ${MAX_ADDRESSES} addresses`);
  return { addresses, last };
}

/** The servers that the machine uses. */
function systemServers(): ListenAddress[] {
  return getServers().map((text) => {
    if (isIPv6(text)) return { host: text, port: DNS_PORT };
    const port = /:(\d+)$/.exec(text)?.[1];
    const host = text.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
    return { host, port: port === undefined ? DNS_PORT : Number(port) };
  });
}
