// One request of a test, on a connection of its own, and its whole answer.
import { type IncomingHttpHeaders, type RequestOptions, request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions as TlsOptions } from "node:https";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
}

/** Sends a request to loopback, over TLS if there are options for it. */
export function askLoopback(
  options: RequestOptions,
  body?: string | Uint8Array,
  tls?: Pick<TlsOptions, "servername" | "ca" | "rejectUnauthorized">,
): Promise<HttpAnswer> {
  const whole = { host: "127.0.0.1", agent: false as const, ...options };
  return new Promise((resolve, reject) => {
    const request = tls === undefined ? httpRequest(whole) : httpsRequest({ ...whole, ...tls });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers, rawHeaders } = response;
        const received = Buffer.concat(chunks);
        resolve({ status: statusCode, headers, rawHeaders, body: received, text: received.toString() });
      });
    });
    request.end(body);
  });
}
