// Clients that keep many connections busy: HTTP/1.1 and HTTPS by a connection pool, HTTP/2 by as many
// sessions.
import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { connect as connectHttp2, type ClientHttp2Session } from "node:http2";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Platform } from "./platform.ts";

export interface Sent {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body: string;
}

export interface Received {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
  /** Code of the error, if the response is one. */
  readonly error: string | undefined;
}

/** Sends requests to one deployment. */
export interface Client {
  send(request: Sent): Promise<Received>;
  close(): void;
}

export const PROTOCOLS = ["HTTP/1.1", "HTTPS", "HTTP/2"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** A client of that protocol with at most so many connections. */
export function openClient(platform: Platform, id: string, protocol: Protocol, connections: number): Client {
  if (protocol === "HTTP/2") return http2Client(platform, id, connections);
  return protocol === "HTTPS"
    ? httpsClient(platform, id, connections)
    : httpClient(platform, id, connections);
}

function httpClient(platform: Platform, id: string, maxSockets: number): Client {
  const agent = new HttpAgent({ keepAlive: true, maxSockets });
  const port = platform.ready.httpPort;
  const options = { host: "127.0.0.1", port, agent, headers: { host: `${id}.localhost:${port}` } };
  return {
    send: (sent) => answered(httpRequest({ ...options, ...sent }), sent.body),
    close: () => agent.destroy(),
  };
}

function httpsClient(platform: Platform, id: string, maxSockets: number): Client {
  const agent = new HttpsAgent({ keepAlive: true, maxSockets });
  const port = platform.ready.httpsPort ?? 0;
  const servername = `${id}.localhost`;
  const options = {
    host: "127.0.0.1",
    port,
    agent,
    servername,
    rejectUnauthorized: false,
    headers: { host: `${servername}:${port}` },
  };
  return {
    send: (sent) => answered(httpsRequest({ ...options, ...sent }), sent.body),
    close: () => agent.destroy(),
  };
}

function answered(request: ClientRequest, body: string): Promise<Received> {
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response: IncomingMessage) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { "retry-after": retryAfter, "x-terrarium-error": error } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          body: text,
          retryAfter,
          error: error as string | undefined,
        });
      });
    });
    request.end(body);
  });
}

function http2Client(platform: Platform, id: string, connections: number): Client {
  const name = `${id}.localhost`;
  const url = `https://127.0.0.1:${platform.ready.httpsPort}`;
  const sessions: ClientHttp2Session[] = [];
  const lastStreams = new Map<ClientHttp2Session, number>();
  // As browsers do: a session that the server wants to end gets no new stream, the next request opens
  // another.
  const open = (index: number): ClientHttp2Session => {
    const session = connectHttp2(url, { servername: name, rejectUnauthorized: false });
    const leave = () => {
      if (sessions[index] === session) delete sessions[index];
      session.close();
    };
    session.on("goaway", (_code, lastStream: number) => {
      lastStreams.set(session, lastStream);
      leave();
    });
    session.on("close", leave);
    // A session that cannot be opened fails its streams, which says so to whoever sent them.
    session.on("error", () => undefined);
    sessions[index] = session;
    return session;
  };
  let next = 0;
  return {
    async send(sent) {
      const authority = `${name}:${platform.ready.httpsPort}`;
      const index = next++ % connections;
      const session = sessions[index] ?? open(index);
      try {
        return await askSession(session, authority, sent);
      } catch (error) {
        // Streams above the last one that a GOAWAY names were not processed: clients send them again (RFC
        // 9113 section 6.8).
        const last = lastStreams.get(session) ?? Infinity;
        if (!(error instanceof StreamError) || error.streamId <= last) throw error;
        return askSession(sessions[index] ?? open(index), authority, sent);
      }
    },
    close: () => sessions.forEach((session) => session.close()),
  };
}

class StreamError extends Error {
  readonly streamId: number;

  constructor(message: string, streamId: number) {
    super(message);
    this.streamId = streamId;
  }
}

function askSession(
  session: ClientHttp2Session,
  authority: string,
  { method, path, body }: Sent,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ":method": method, ":path": path, ":authority": authority },
      { endStream: body === "" },
    );
    let received: Omit<Received, "body"> = { status: 0, retryAfter: undefined, error: undefined };
    let text = "";
    stream.on("response", (headers) => {
      received = {
        status: Number(headers[":status"]),
        retryAfter: headers["retry-after"],
        error: headers["x-terrarium-error"] as string | undefined,
      };
    });
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    stream.on("error", (error) => reject(new StreamError(String(error), stream.id ?? 0)));
    stream.on("end", () => resolve({ ...received, body: text }));
    stream.on("close", () => reject(new Error("the stream closed without an answer")));
    if (body !== "") stream.end(body);
  });
}

/** Runs that many tasks, at most `atOnce` at the same time; `task` gets the number of each. */
export async function inParallel(
  count: number,
  atOnce: number,
  task: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
