// Forwards a request to another process of the platform over its Unix socket, streaming both ways.
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import { TerrariumError } from "../../errors/index.ts";
import type { Exchange } from "../request/exchange.ts";
import { sendError } from "../response/error-page.ts";
import { converse } from "../transport/client.ts";
import type { RequestHead } from "../transport/heads.ts";
import { reach } from "../transport/reach.ts";

export interface ForwardTarget {
  readonly socketPath: string;
  /** How long it may take until somebody listens there. */
  readonly patienceMs: number;
  /** What the client gets if nobody answers. */
  readonly unreachable: "TER_EDGE_CONTROL_UNREACHABLE" | "TER_EDGE_PEER_UNREACHABLE";
}

/** Resolves when the exchange has ended in any way. */
export async function forward(exchange: Exchange, target: ForwardTarget): Promise<void> {
  let isGone = false;
  exchange.onGone(() => (isGone = true));
  const socket = await reach(target.socketPath, target.patienceMs, () => isGone);
  if (isGone) socket?.destroy();
  else if (socket === null) sendError(exchange, new TerrariumError(target.unreachable));
  else await pass(exchange, socket, target);
}

function pass(exchange: Exchange, socket: Socket, { unreachable }: ForwardTarget): Promise<void> {
  return new Promise((resolve) => {
    const body = exchange.bodyBytes === 0 ? null : exchange.bodyStream();
    const end = converse(socket, requestHead(exchange), body, {
      unanswered() {
        sendError(exchange, new TerrariumError(unreachable));
        resolve();
      },
      response(head, answer) {
        const writable = exchange.open(head.status, [...head.headers], head.contentLength);
        if (writable === undefined) {
          end();
          resolve();
          return;
        }
        pipeline(answer, writable, (error) => {
          if (error) exchange.destroy();
          resolve();
        });
      },
    });
    exchange.onGone(() => {
      end();
      resolve();
    });
  });
}

/** The request as this edge understood it; the other end does not interpret any of it as framing. */
function requestHead(exchange: Exchange): RequestHead {
  const { method, target, authority, rawHeaders, bodyBytes, scheme, clientAddress, isLocal, depth } =
    exchange;
  return {
    method,
    target,
    authority,
    headers: rawHeaders,
    bodyBytes,
    client: { scheme, clientAddress, isLocal, depth, callsLeft: exchange.calls?.left ?? null },
  };
}
