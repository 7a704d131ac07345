// The supervisor's own connections to its edges' public listeners.
import type { RequestOptions } from "node:http";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { Config } from "../../config/index.ts";

/** Says that the connection is on nobody's behalf. */
const OWN_PREAMBLE = "PROXY UNKNOWN\r\n";

type OnCreated = (error: Error | null, socket: Socket) => void;

/** Options for `http.request` and, with `tls`, `https.request`: listeners may expect the PROXY protocol. */
export function ownConnection(
  { proxyProtocol }: Pick<Config, "proxyProtocol">,
  { host, port }: { readonly host: string; readonly port: number },
  tls?: ConnectionOptions,
): Pick<RequestOptions, "agent" | "createConnection"> {
  if (!proxyProtocol) return { agent: false };
  return {
    // An agent, even one for a single connection, would make its own.
    createConnection: (_options, onCreated: OnCreated) => {
      const socket = connectTcp(port, host);
      const failed = (error: Error) => onCreated(error, socket);
      // TLS would overtake what is not written yet.
      socket.once("error", failed).write(OWN_PREAMBLE, () => {
        socket.removeListener("error", failed);
        onCreated(null, tls === undefined ? socket : connectTls({ ...tls, socket }));
      });
      return undefined;
    },
  };
}
