// Whether a deployment answers at its public addresses. It is requested as a client would, to test name,
// certificate and listener.
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Config } from "../../config/index.ts";
import { Reason, TerrariumError } from "../../errors/index.ts";
import type { DeploymentId } from "../../store/types.ts";
import { ownConnection } from "./own-connection.ts";
import { dialAddress, type PublicPorts } from "./urls.ts";

const ATTEMPT_TIMEOUT_MS = 5000;
const RETRY_DELAY_MS = 50;
/** An edge that has just died is replaced within a second; until then its connections are refused. */
const GIVE_UP_AFTER_MS = 10_000;

export interface HealthOptions {
  readonly config: Config;
  readonly ports: PublicPorts;
  /**
   * PEM of the local authority; undefined with the operator's own certificates, whose chain may be private.
   */
  readonly ca: string | undefined;
}

/**
 * Resolves when `GET /__health` answers 200 over HTTP and, where it is on, HTTPS. Rejects with
 * TER_NOT_HEALTHY.
 */
export async function awaitHealth(
  options: HealthOptions,
  id: DeploymentId,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([
    until(options, id, false, signal),
    options.ports.httpsPort === null ? null : until(options, id, true, signal),
  ]);
}

async function until(
  options: HealthOptions,
  id: DeploymentId,
  secure: boolean,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const problem = await attempt(options, id, secure, signal);
    if (problem === null) return;
    if (performance.now() > deadline || signal.aborted) {
      throw new TerrariumError("TER_NOT_HEALTHY", {
        url: `${secure ? "https" : "http"}://${id}.${options.config.domain}/__health`,
        reason: problem,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
  }
}

/** Null if healthy, otherwise what is wrong. */
function attempt(
  { config, ports, ca }: HealthOptions,
  id: DeploymentId,
  secure: boolean,
  signal: AbortSignal,
): Promise<string | null> {
  const name = `${id}.${config.domain}`;
  const address = secure ? config.listenTls : config.listen;
  const port = (secure ? ports.httpsPort : ports.httpPort) ?? 0;
  const host = dialAddress(address?.host ?? "127.0.0.1");
  const tls = { servername: name, rejectUnauthorized: ca !== undefined, ...(ca === undefined ? {} : { ca }) };
  const options = {
    host,
    port,
    ...ownConnection(config, { host, port }, secure ? tls : undefined),
    path: "/__health",
    headers: { host: `${name}:${port}` },
    timeout: ATTEMPT_TIMEOUT_MS,
    signal,
  } as const;
  return new Promise((resolve) => {
    const request = secure ? httpsRequest({ ...options, ...tls }) : httpRequest(options);
    request.on("response", (response) => {
      response.resume();
      response.on("error", () => {});
      resolve(response.statusCode === 200 ? null : `status ${response.statusCode}`);
    });
    request.on("timeout", () => request.destroy(new Reason(`no answer within ${ATTEMPT_TIMEOUT_MS} ms`)));
    request.on("error", (error) => resolve(error.message));
    request.end();
  });
}
