// One request to a deployment, sent for a page that may not read the response itself: the deployment is
// another origin, and its program does not have to allow that.
import { request as httpRequest, type ClientRequest, type RequestOptions } from "node:http";
import type { Config } from "../../config/index.ts";
import { Reason, TerrariumError } from "../../errors/index.ts";
import { headerPairs } from "../../hostcalls/index.ts";
import type { DeploymentId } from "../../store/types.ts";
import { ownConnection } from "./own-connection.ts";
import { dialAddress, type PublicPorts } from "./urls.ts";

/** Longer than the limit of a program's run, which ends first. */
const TIMEOUT_MARGIN_MS = 2000;
/** Headers that a sender may not choose: they name the deployment and frame the body. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "expect",
  "upgrade",
  "te",
  "trailer",
  "keep-alive",
]);

/** Headers by which a proxy says who its client is; edges may take the supervisor for one. */
const PROXY_HEADERS = /^(?:forwarded|x-forwarded-(?:for|proto|host))$/;

/** What is asked. */
export interface ProbeRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** What came back. */
export interface ProbeAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** True if there was more than the limit. */
  readonly truncated: boolean;
  /** From the first byte sent to the last one received. */
  readonly ms: number;
}

/** Sends the request to the deployment's own address over HTTP. Throws TER_BAD_REQUEST, TER_NOT_HEALTHY. */
export async function probe(
  options: { readonly config: Config; readonly ports: PublicPorts; readonly maxBytes: number },
  id: DeploymentId,
  request: ProbeRequest,
): Promise<ProbeAnswer> {
  const { config, ports, maxBytes } = options;
  const startedMs = performance.now();
  const headers = [
    ...request.headers.filter(([name]) => !isOwn(config, name.toLowerCase())),
    ["host", `${id}.${config.domain}:${ports.httpPort}`],
  ].flat() as string[];
  if (request.body.length > 0) headers.push("content-length", String(request.body.length));
  return await new Promise((resolve, reject) => {
    const [host, port] = [dialAddress(config.listen.host), ports.httpPort];
    const outgoing = open({
      host,
      port,
      ...ownConnection(config, { host, port }),
      method: request.method,
      path: request.path,
      headers,
      timeout: config.limits.wallMs + TIMEOUT_MARGIN_MS,
    });
    outgoing.on("timeout", () => outgoing.destroy(new Reason("it took too long")));
    outgoing.on("error", (error) =>
      reject(
        new TerrariumError(
          "TER_NOT_HEALTHY",
          { url: `${id}.${config.domain}`, reason: error.message },
          { cause: error },
        ),
      ),
    );
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = (truncated: boolean) => {
        resolve({
          status: response.statusCode ?? 0,
          headers: headerPairs(response.rawHeaders),
          body: Buffer.concat(chunks),
          truncated,
          ms: performance.now() - startedMs,
        });
        outgoing.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, maxBytes - size));
        size += chunk.length;
        if (size > maxBytes) finish(true);
      });
      response.on("error", reject);
      response.on("end", () => finish(false));
    });
    outgoing.end(request.body);
  });
}

function isOwn({ trustProxy }: Config, name: string): boolean {
  return OWN_HEADERS.has(name) || (trustProxy.length > 0 && PROXY_HEADERS.test(name));
}

/** Node refuses methods, paths and headers that HTTP has no way to write. */
function open(options: RequestOptions): ClientRequest {
  try {
    return httpRequest(options);
  } catch (error) {
    throw new TerrariumError("TER_BAD_REQUEST", { reason: (error as Error).message }, { cause: error });
  }
}
