// An edge, its peer and the API's end of the control socket, with what each of them understood of every
// request.
import { join } from "node:path";
import { answerPassed } from "../../src/control/api/passed-request.ts";
import type { Exchange } from "../../src/edge/request/exchange.ts";
import type { DeploymentId } from "../../src/store/types.ts";
import { openControl } from "../edge/control-fixture.ts";
import { digestOf } from "../../src/store/digest.ts";
import { DOMAIN, respond, sendRaw, startTestEdge, type TestEdge } from "../edge/edge-fixture.ts";

/** A request as one process understood it, in one notation. */
export interface Understood {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly client: string;
  /** What a client wrote under names that nobody frames by. */
  readonly plain: string;
  /** Announced to the edge, received by a far end; null where chunks told. */
  readonly bodyBytes: number | null;
}

export interface InnerWorld extends AsyncDisposable {
  readonly edge: TestEdge;
  /** Every request that the edge has taken from a client. */
  readonly understood: Understood[];
  readonly arrived: Understood[];
  /** Sends bytes and waits until everything that they caused is over. */
  send(bytes: Buffer): Promise<string>;
}

/** Bodies of the bare domain's requests and of the peer's deployment reach the far ends; both echo. */
export async function startInnerWorld(): Promise<InnerWorld> {
  const understood: Understood[] = [];
  const arrived: Understood[] = [];
  const observe = ({ method, target, authority, clientAddress, rawHeaders, bodyBytes }: Exchange) =>
    void understood.push({
      method,
      target,
      authority,
      client: clientAddress,
      plain: plainOf(pairs(rawHeaders)),
      bodyBytes,
    });
  const edge = await startTestEdge({ edge: { observe } });
  const peer = await startTestEdge();
  await edge.deploy("moved", () => respond(500, "runs here"));
  await peer.deploy("moved", ({ method, path, headers, body }, { tree: { depth } }) => {
    const client = headers.find(([name]) => name === "fastly-client-ip")?.[1] ?? "";
    const authority = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
    const plain = plainOf(headers);
    arrived.push({ method, target: path, authority, client, plain, bodyBytes: body.length });
    return respond(200, `${depth} ${digestOf(body)}`);
  });
  edge.edge.route("moved" as DeploymentId, peer.peerSocket);
  const control = await openControl(join(edge.dir, "run", "control.sock"), (received) => {
    const { method, target, authority } = received.head;
    const fetch = async (request: Request, { client }: { client: { clientAddress: string } | null }) => {
      const body = await request.arrayBuffer();
      const plain = plainOf([...request.headers]);
      const from = client?.clientAddress ?? "nobody";
      arrived.push({ method, target, authority, client: from, plain, bodyBytes: body.byteLength });
      return new Response(digestOf(Buffer.from(body)));
    };
    void answerPassed(fetch, received);
  });
  return {
    edge,
    understood,
    arrived,
    async send(bytes) {
      const text = await sendRaw(edge.edge.httpPort, bytes, undefined, { last: true });
      while (edge.edge.stats().inFlight > 0 || peer.edge.stats().inFlight > 0)
        await new Promise((resolve) => setImmediate(resolve));
      return text;
    },
    async [Symbol.asyncDispose]() {
      await control[Symbol.asyncDispose]();
      await edge[Symbol.asyncDispose]();
      await peer[Symbol.asyncDispose]();
    },
  };
}

/** Hosts to ask for: the bare domain, and a deployment that runs at the peer. */
export const HOSTS = [DOMAIN, `moved.${DOMAIN}`] as const;

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2]!, flat[index * 2 + 1]!]);
}

/**
 * Names without a meaning to anybody between client and far end; everything else may be dropped on the way.
 */
function plainOf(headers: readonly (readonly [string, string])[]): string {
  return headers
    .filter(([name]) => name.toLowerCase() === "x-keep")
    .map(([, value]) => value.trim())
    .join(", ")
    .trim();
}
