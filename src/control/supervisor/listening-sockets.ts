// The platform's TCP sockets. The supervisor binds them before an edge starts, one for each edge and address.
// They share the port by SO_REUSEPORT, so the kernel distributes connections over them. An edge listens on
// the sockets of its slot. The launcher holds a copy of each, so that a socket, and the connections queued on
// it, outlives every process that dies and is replaced.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { formatAddress } from "../../config/address.ts";
import type { Config, ListenAddress } from "../../config/index.ts";
import type { TerrariumError } from "../../errors/index.ts";
import type { PublicPorts } from "../deployments/urls.ts";
import { claimAddress } from "./address-claim.ts";
import type { Launcher } from "./launcher.ts";
import { checkFree, listenError } from "./ports.ts";
import { bindTcp, portOf, type TcpHandle } from "./tcp-handle.ts";

/** The sockets of one edge. */
export interface SlotSockets {
  readonly http: TcpHandle;
  /** Null without HTTPS. */
  readonly https: TcpHandle | null;
}

/** All sockets, bound. */
export interface ListeningSockets {
  readonly ports: PublicPorts;
  /** `slot` counts from 1. */
  of(slot: number): SlotSockets;
  /** Closes this process's copies and releases the addresses. */
  close(): void;
}

interface Wanted {
  readonly name: "http" | "https";
  readonly flag: string;
  readonly address: ListenAddress;
}

/** The sockets of one address, and how to release it. */
interface Bound {
  readonly handles: readonly TcpHandle[];
  readonly release: () => void;
}

/**
 * Takes the sockets that the launcher holds and binds the missing ones. Throws TER_CANNOT_LISTEN if an
 * address is in use. `besideOrphans`: edges of an earlier supervisor still listen there, and leave once ours
 * are ready.
 */
export async function openListeningSockets(
  config: Pick<Config, "listen" | "listenTls" | "edges">,
  launcher: Launcher | null,
  besideOrphans: boolean,
): Promise<ListeningSockets> {
  const held = (await launcher?.heldSockets()) ?? new Map<string, TcpHandle>();
  const bound: Bound[] = [];
  try {
    for (const wanted of wantedOf(config))
      bound.push(await bindAddress(wanted, config.edges, held, besideOrphans));
  } catch (error) {
    for (const { handles, release } of bound) giveUp(handles, release);
    throw error;
  }
  launcher?.hold(keyed(config, bound));
  const [http, https] = bound;
  const port = (of: Bound | undefined) => (of?.handles[0] === undefined ? null : portOf(of.handles[0]));
  return {
    ports: { httpPort: port(http) ?? 0, httpsPort: port(https) },
    of: (slot) => ({ http: handleOf(http, slot), https: https === undefined ? null : handleOf(https, slot) }),
    close() {
      for (const { handles, release } of bound) giveUp(handles, release);
    },
  };
}

function wantedOf({ listen, listenTls }: Pick<Config, "listen" | "listenTls">): Wanted[] {
  const http: Wanted = { name: "http", flag: "--listen", address: listen };
  return listenTls === null ? [http] : [http, { name: "https", flag: "--listen-tls", address: listenTls }];
}

async function bindAddress(
  { name, flag, address }: Wanted,
  edges: number,
  held: ReadonlyMap<string, TcpHandle>,
  besideOrphans: boolean,
): Promise<Bound> {
  const slots = Array.from({ length: edges }, (_, index) => index + 1);
  const kept = slots.map((slot) => held.get(keyOf(name, address, slot)));
  const known = kept.find((handle) => handle !== undefined);
  const port = known === undefined ? address.port : portOf(known);
  const release = await claimAddress({ ...address, port }, flag);
  try {
    if (known === undefined && !besideOrphans) await checkFree(address, flag);
    const ip = isIP(address.host) === 0 ? (await lookup(address.host)).address : address.host;
    return { handles: bindMissing(kept, ip, port, (code) => listenError(code, address, flag)), release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Where the system cannot share a port, all edges accept from one socket. */
function bindMissing(
  kept: readonly (TcpHandle | undefined)[],
  ip: string,
  port: number,
  fail: (code: string) => TerrariumError,
): TcpHandle[] {
  const handles: TcpHandle[] = [];
  for (const handle of kept) {
    const bound = handle ?? bindTcp(ip, handles[0] === undefined ? port : portOf(handles[0]), handles[0]);
    if (typeof bound === "string") throw fail(bound);
    handles.push(bound);
  }
  return handles;
}

function keyed({ listen, listenTls }: Pick<Config, "listen" | "listenTls">, bound: readonly Bound[]) {
  const sockets = new Map<string, TcpHandle>();
  for (const [index, { name, address }] of wantedOf({ listen, listenTls }).entries())
    for (const [slot, handle] of (bound[index]?.handles ?? []).entries())
      sockets.set(keyOf(name, address, slot + 1), handle);
  return sockets;
}

/** Key of the configured address: port 0 finds the port that the system picked last time. */
function keyOf(name: string, address: ListenAddress, slot: number): string {
  return `${name}:${formatAddress(address)}#${slot}`;
}

function handleOf(bound: Bound | undefined, slot: number): TcpHandle {
  const handle = bound?.handles[slot - 1];
  if (handle === undefined) throw new Error(`There is no socket for edge ${slot}`);
  return handle;
}

function giveUp(handles: readonly TcpHandle[], release: () => void): void {
  for (const handle of new Set(handles)) handle.close();
  release();
}
