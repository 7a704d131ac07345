// Connections of guests: a name is resolved once, every address is checked on its bytes, and only checked
// ones are connected to. Only here does a subrequest reach the network, so whatever a URL, redirect or DNS
// answer says, it ends here.
import { connect as connectTcp, type LookupFunction, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, type SecureContext } from "node:tls";
import type { ResolveRule } from "../../../config/index.ts";
import type { Resolver } from "../../types.ts";
import { blockOf, formatIpAddress, parseIpAddress } from "./address.ts";
import type { AddressPolicy } from "./address-policy.ts";
import { OutboundFailure } from "./failure.ts";
import type { HostsLookup } from "./hosts-file.ts";

/** What connecting depends on. */
export interface Connecting {
  readonly policy: AddressPolicy;
  readonly resolver: Resolver;
  readonly rules: readonly ResolveRule[];
  readonly hosts: HostsLookup;
  /** Authorities for HTTPS; created on first use, because reading them takes milliseconds. */
  readonly secureContext: () => SecureContext;
}

/** Where a connection may go. */
interface ConnectTarget {
  readonly addresses: readonly Uint8Array[];
  readonly port: number;
}

/** Far more than any legitimate name has. */
const MAX_ADDRESSES = 256;
/** `localhost` is both (RFC 6761). */
const LOOPBACKS = [Uint8Array.of(127, 0, 0, 1), blockOf("::1").bytes] as const;
/** Stands for the checked addresses; it can never resolve by itself (RFC 6761). */
const PINNED = "pinned.invalid";

/** The checked addresses of a URL's host and port. Rejects with OutboundFailure. */
async function findConnectTarget(
  connecting: Connecting,
  hostname: string,
  port: number,
  signal: AbortSignal,
): Promise<ConnectTarget> {
  const rule = ruleFor(connecting, hostname, port);
  if (rule !== undefined) return grantedTarget(connecting, rule);
  const name = plainName(hostname);
  if (name === "localhost" || name.endsWith(".localhost")) return loopbackTarget(connecting, port);
  const addresses = await addressesOf(connecting, name, signal);
  if (addresses.length > MAX_ADDRESSES) throw new OutboundFailure("the name has too many addresses");
  for (const address of addresses) refuseIf(connecting.policy.refusal(address, port));
  return { addresses, port };
}

/**
 * A connected socket, TLS included. The certificate must be that of the URL's host, wherever the connection
 * leads.
 */
export async function openConnection(connecting: Connecting, url: URL, signal: AbortSignal): Promise<Socket> {
  const secure = url.protocol === "https:";
  const destination = await findConnectTarget(connecting, url.hostname, portOf(url), signal);
  signal.throwIfAborted();
  const tcp = {
    host: PINNED,
    port: destination.port,
    lookup: pinned(destination.addresses),
    autoSelectFamily: destination.addresses.length > 1,
    noDelay: true,
  };
  if (!secure) return whenReady(connectTcp(tcp), "connect", signal);
  const host = plainName(url.hostname).replace(/^\[|\]$/g, "");
  const socket = connectTls({
    ...tcp,
    // A server name must not be an address (RFC 6066); the check below uses the URL's host either way.
    servername: parseIpAddress(host) === null ? host : "",
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    secureContext: connecting.secureContext(),
    rejectUnauthorized: true,
    ALPNProtocols: ["http/1.1"],
  });
  return whenReady(socket, "secureConnect", signal);
}

/** The port of a URL, the scheme's own if it names none. */
function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

/** The operator's rule for a URL's host and port, if there is one. */
export function findRule(connecting: Connecting, url: URL): ResolveRule | undefined {
  return ruleFor(connecting, url.hostname, portOf(url));
}

function ruleFor({ rules }: Connecting, hostname: string, port: number): ResolveRule | undefined {
  const name = plainName(hostname);
  return rules.find((rule) => plainName(rule.name) === name && rule.port === port);
}

/** Of the two loopback addresses those that guests may reach: the operator may have allowed one family. */
function loopbackTarget({ policy }: Connecting, port: number): ConnectTarget {
  const addresses = LOOPBACKS.filter((address) => policy.refusal(address, port) === null);
  if (addresses.length === 0) refuseIf(policy.refusal(LOOPBACKS[0], port));
  return { addresses, port };
}

function grantedTarget(connecting: Connecting, rule: ResolveRule): ConnectTarget {
  const address = parseIpAddress(rule.address);
  if (address === null) throw new OutboundFailure("the rule for this name has no address");
  refuseIf(connecting.policy.refusalOfGranted(address, rule.toPort));
  return { addresses: [address], port: rule.toPort };
}

/** Addresses of a literal, of localhost (RFC 6761), or of a name by DNS; both families, IPv4 first. */
async function addressesOf(
  { resolver, hosts }: Connecting,
  name: string,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const literal = parseIpAddress(name);
  if (literal !== null) return [literal];
  const known = hosts(name);
  if (known.length > 0) return known;
  const families = await Promise.allSettled([
    resolver.addresses(name, false, signal),
    resolver.addresses(name, true, signal),
  ]);
  const addresses = families.flatMap((family) => (family.status === "fulfilled" ? family.value : []));
  if (addresses.length === 0) throw new OutboundFailure("the name has no address");
  return addresses;
}

function refuseIf(refusal: string | null): void {
  if (refusal !== null) throw new OutboundFailure(refusal);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** A lookup that knows only the checked addresses. */
function pinned(addresses: readonly Uint8Array[]): LookupFunction {
  const list = addresses.map((bytes) => ({
    address: formatIpAddress(bytes),
    family: bytes.length === 4 ? 4 : 6,
  }));
  const [first = { address: "", family: 0 }] = list;
  return (_name, options, callback) => {
    if (options.all === true) callback(null, list);
    else callback(null, first.address, first.family);
  };
}

function whenReady(socket: Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const end = () => socket.destroy(new OutboundFailure("the connection timed out"));
    signal.addEventListener("abort", end, { once: true });
    // A destroyed socket may still emit an error, with no listener left.
    socket.on("error", reject);
    socket.once(event, () => {
      signal.removeEventListener("abort", end);
      resolve(socket);
    });
  });
}
