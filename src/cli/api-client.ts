// Calls a server's REST API. Uses plain node:http, which starts faster than fetch and can connect to loopback
// for `*.localhost`.
import { isIP, type LookupFunction } from "node:net";
import { type IncomingMessage, request as httpRequest, type RequestOptions } from "node:http";
import { fromProblem, TerrariumError } from "../errors/index.ts";
import { isLocalhost, type ServerAddress } from "./server-address.ts";

/** What a call sends. */
export interface ApiRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Overrides the address's token. */
  readonly token?: string | undefined;
}

/** The API of one server. */
export class ApiClient {
  readonly address: ServerAddress;

  constructor(address: ServerAddress) {
    this.address = address;
  }

  /** A JSON answer. Throws TerrariumError for problems. */
  async json<T>(path: string, request: ApiRequest = {}): Promise<T> {
    const bytes = await this.bytes(path, request);
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as T;
  }

  /** A whole body. Throws TerrariumError for problems. */
  async bytes(path: string, request: ApiRequest = {}): Promise<Uint8Array> {
    return await readWhole(await this.#send(path, request));
  }

  /** JSON objects, one per line, as they arrive. Throws TerrariumError for problems. */
  async *lines<T>(path: string, request: ApiRequest = {}): AsyncGenerator<T> {
    const response = await this.#send(path, {
      ...request,
      headers: { accept: "application/x-ndjson", ...request.headers },
    });
    for await (const line of linesOf(response)) yield JSON.parse(line) as T;
  }

  async #send(path: string, request: ApiRequest): Promise<IncomingMessage> {
    const response = await this.#connect(path, request);
    if ((response.statusCode ?? 500) < 400) return response;
    throw refusal(this.address.base.origin, response.statusCode ?? 0, await readWhole(response));
  }

  async #connect(path: string, request: ApiRequest): Promise<IncomingMessage> {
    const { base, ca } = this.address;
    const token = request.token ?? this.address.token;
    const host = base.hostname.replace(/^\[|\]$/g, "");
    const options: RequestOptions = {
      method: request.method ?? "GET",
      host,
      ...(isLocalhost(host) ? { lookup: bothLoopbacks, autoSelectFamily: true } : {}),
      port: base.port || (base.protocol === "https:" ? 443 : 80),
      path,
      agent: false,
      headers: {
        host: base.host,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(request.body === undefined ? {} : { "content-length": String(Buffer.byteLength(request.body)) }),
        ...request.headers,
      },
    };
    const tls = { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) };
    const start = base.protocol === "https:" ? (await import("node:https")).request : httpRequest;
    return await new Promise((resolve, reject) => {
      const outgoing = start({ ...options, ...(base.protocol === "https:" ? tls : {}) }, resolve);
      outgoing.on("error", (error: NodeJS.ErrnoException) => reject(unreachable(base, error)));
      outgoing.end(request.body);
    });
  }
}

/** `localhost` and names below it mean this machine, in both families (RFC 6761, section 6.3). */
const bothLoopbacks: LookupFunction = (_host, _options, done) =>
  done(null, [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ]);

/** Complete lines as they arrive. Throws TER_CUT_OFF if the connection ends before the response does. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter((line) => line !== "");
    }
  } catch {
    throw new TerrariumError("TER_CUT_OFF");
  }
}

async function readWhole(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The server's own error, or that this is not a Terrarium server. */
function refusal(server: string, status: number, body: Uint8Array): TerrariumError {
  try {
    const error = fromProblem(JSON.parse(Buffer.from(body).toString("utf8")));
    if (error !== undefined) return error;
  } catch {
    // Not JSON.
  }
  return new TerrariumError("TER_BAD_ANSWER", { server, status });
}

function unreachable(base: URL, error: NodeJS.ErrnoException): TerrariumError {
  return new TerrariumError("TER_UNREACHABLE", { server: base.origin, reason: error.code ?? error.message });
}
