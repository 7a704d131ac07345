// TCP sockets that are bound but do not listen. Node's public API binds and listens in one step, and then
// accepts connections in this process. Its internal handle can bind alone, and `child.send` passes it on.
import { isIP } from "node:net";
import { getSystemErrorName } from "node:util";

/** The part of Node's TCP handle that is used here. `net.Server.listen` takes it. */
export interface TcpHandle {
  bind(address: string, port: number, flags: number): number;
  bind6(address: string, port: number, flags: number): number;
  getsockname(out: { port?: number }): number;
  close(): void;
}

interface TcpBinding {
  readonly TCP: new (type: number) => TcpHandle;
  readonly constants: { readonly SERVER: number; readonly UV_TCP_REUSEPORT?: number };
}

/** Error code of a system that cannot share a port between sockets. */
const CANNOT_SHARE: ReadonlySet<string> = new Set(["ENOTSUP", "EOPNOTSUPP", "ENOPROTOOPT", "EINVAL"]);

/**
 * A bound socket, or the error code. `sibling` is one that is already bound there, for systems that cannot
 * share ports.
 */
export function bindTcp(ip: string, port: number, sibling?: TcpHandle): TcpHandle | string {
  const { constants } = binding();
  const shared = bindWith(ip, port, constants.UV_TCP_REUSEPORT ?? 0);
  if (typeof shared !== "string" || !CANNOT_SHARE.has(shared)) return shared;
  return sibling ?? bindWith(ip, port, 0);
}

/** The port that a socket is bound to; 0 if none. */
export function portOf(handle: TcpHandle): number {
  const name: { port?: number } = {};
  return handle.getsockname(name) === 0 ? (name.port ?? 0) : 0;
}

function bindWith(ip: string, port: number, flags: number): TcpHandle | string {
  const { TCP, constants } = binding();
  const handle = new TCP(constants.SERVER);
  const failed = isIP(ip) === 6 ? handle.bind6(ip, port, flags) : handle.bind(ip, port, flags);
  if (failed === 0 && portOf(handle) !== 0) return handle;
  handle.close();
  // libuv reports an address in use only when the socket listens; until then it has no port.
  return failed === 0 ? "EADDRINUSE" : getSystemErrorName(failed);
}

function binding(): TcpBinding {
  return (process as unknown as { binding(name: "tcp_wrap"): TcpBinding }).binding("tcp_wrap");
}
