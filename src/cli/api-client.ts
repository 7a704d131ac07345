// Speaks to a server's REST API. Plain node:http: it starts faster than fetch, and dials loopback itself for
// `*.localhost`.
import { type IncomingMessage, request as httpRequest, type RequestOptions } from "node:http";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { isLocalhost, type ServerAddress } from "./server-address.ts";

/** What a call sends. */
export interface ApiRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Overrides the address's token. */
  readonly token?: string | undefined;
}

/** A problem as the API sends it. */
interface Problem {
  readonly title: string;
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The API of one server. */
export class ApiClient {
  readonly address: ServerAddress;

  constructor(address: ServerAddress) {
    this.address = address;
  }

  /** A JSON answer. Throws Failure for problems. */
  async json<T>(path: string, request: ApiRequest = {}): Promise<T> {
    const bytes = await this.bytes(path, request);
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as T;
  }

  /** A whole body. Throws Failure for problems. */
  async bytes(path: string, request: ApiRequest = {}): Promise<Uint8Array> {
    return await readWhole(await this.#send(path, request));
  }

  /** JSON objects, one a line, as they come. Throws Failure for problems. */
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
    throw toFailure(response, await readWhole(response));
  }

  async #connect(path: string, request: ApiRequest): Promise<IncomingMessage> {
    const { base, ca } = this.address;
    const token = request.token ?? this.address.token;
    const options: RequestOptions = {
      method: request.method ?? "GET",
      host: isLocalhost(base.hostname) ? "127.0.0.1" : base.hostname.replace(/^\[|\]$/g, ""),
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
    const tls = { servername: base.hostname, ...(ca === undefined ? {} : { ca }) };
    const start = base.protocol === "https:" ? (await import("node:https")).request : httpRequest;
    return await new Promise((resolve, reject) => {
      const outgoing = start({ ...options, ...(base.protocol === "https:" ? tls : {}) }, resolve);
      outgoing.on("error", (error: NodeJS.ErrnoException) => reject(unreachable(base, error)));
      outgoing.end(request.body);
    });
  }
}

/** Lines as they are complete. Throws Failure if the connection ends before the answer does. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter((line) => line !== "");
    }
  } catch {
    throw new Failure("The server closed the connection before its answer was complete; try again", {
      exitCode: EXIT.unreachable,
      code: "TER_CUT_OFF",
    });
  }
}

async function readWhole(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function toFailure(response: IncomingMessage, body: Uint8Array): Failure {
  const text = Buffer.from(body).toString("utf8");
  try {
    const { title, code, details = {} } = JSON.parse(text) as Problem;
    return problemFailure({ title, code, details });
  } catch {
    const message =
      `The server answered ${response.statusCode} without a ` +
      `reason: is it a Terrarium? Name another with --server URL`;
    return new Failure(message, { exitCode: EXIT.failed, code: "TER_BAD_ANSWER" });
  }
}

/** A problem of the API as the end of a command. */
export function problemFailure({ title, code, details = {} }: Problem): Failure {
  return new Failure(title, { exitCode: exitCodeOf(code), code, details });
}

function unreachable(base: URL, error: NodeJS.ErrnoException): Failure {
  const message =
    `No server answers at ${base.origin} (${error.code ?? error.message}); ` +
    `start one with \`terrarium serve\`, or name another with --server URL`;
  return new Failure(message, { exitCode: EXIT.unreachable, code: "TER_UNREACHABLE" });
}
