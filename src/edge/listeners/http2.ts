// HTTP/2 over TLS sockets that chose it by ALPN. The server never listens itself.
import {
  constants,
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { METHODS } from "node:http";
import { TerrariumError } from "../../errors/index.ts";
import { type FlatHeaders, type Handler, MAX_IN_FLIGHT_PER_CONNECTION } from "../request/exchange.ts";
import { inspectHead, malformed, type HeadLimits } from "../request/head.ts";
import { pathOfTarget } from "../request/head.ts";
import { sendError } from "../response/error-page.ts";
import { isAuthority } from "../request/authority.ts";
import type { TrustedProxies } from "../request/trusted-proxies.ts";
import type { ProxiedClients } from "./proxied-sockets.ts";
import { connectionOf, forwardedBy } from "./client-connection.ts";
import { Http2Exchange, type Http2Shared, type Http2Head } from "./http2-exchange.ts";
import * as settings from "./settings.ts";

export interface Http2Options extends Http2Shared {
  /** Null: none is trusted. */
  readonly proxies: TrustedProxies | null;
  /** Whose connections are, where a proxy says it first; null: nobody's. */
  readonly clients: ProxiedClients | null;
  readonly handler: Handler;
  readonly limits: HeadLimits;
  readonly stallMs: number;
  readonly now: () => number;
}

/** Sessions of one edge. */
export interface Http2Sessions {
  readonly server: Http2Server;
  readonly size: () => number;
  /** Tells clients of sessions without a stream to use others. */
  closeIdle(): void;
  /** Ends sessions without a stream for `KEEP_ALIVE_MS`, however many bytes they trickle. */
  sweep(): void;
  /**
   * Sends GOAWAY to all. Streams in flight finish; later ones are refused, which tells clients that they were
   * not processed and may be sent again (RFC 9113 section 6.8). Node cannot announce a GOAWAY in advance.
   */
  close(): void;
  destroy(): void;
}

interface SessionState {
  openStreams: number;
  /** Streams opened in this turn of the event loop. */
  begunNow: number;
  idleSinceMs: number;
}

/** Those that HTTP/1.1 takes: a program sees the same requests over both. */
const METHODS_OF_HTTP1: ReadonlySet<string> = new Set(METHODS);

/** What each header costs in the list size of HTTP/2 besides its bytes (RFC 9113 section 6.5.2). */
const LIST_OVERHEAD_BYTES = 32;

export function createHttp2Sessions(options: Http2Options): Http2Sessions {
  const sessions = new Map<Http2Session, SessionState>();
  const server = createServer(serverOptions(options.limits));
  let closed = false;
  server.setTimeout(options.stallMs);
  server.on("sessionError", () => undefined);
  server.on("session", (session) => {
    sessions.set(session, { openStreams: 0, begunNow: 0, idleSinceMs: options.now() });
    session.on("close", () => sessions.delete(session));
    // Its handshake was in progress when the others were told.
    if (closed) session.close();
  });
  server.on("stream", (http2Stream, headers, _flags, raw: string[]) => {
    // The types know only the common base of both sides' streams.
    const stream = http2Stream as ServerHttp2Stream;
    stream.on("error", () => undefined);
    const state = stream.session === undefined ? undefined : sessions.get(stream.session);
    if (state === undefined) {
      stream.destroy();
      return;
    }
    state.openStreams++;
    stream.on("close", () => {
      state.openStreams--;
      state.idleSinceMs = options.now();
    });
    if (begin(state)) take(options, stream, headers, raw);
    else stream.close(constants.NGHTTP2_REFUSED_STREAM);
  });
  return {
    server,
    size: () => sessions.size,
    closeIdle() {
      for (const [session, { openStreams }] of sessions) if (openStreams === 0) session.close();
    },
    sweep() {
      const oldest = options.now() - settings.KEEP_ALIVE_MS;
      for (const [session, state] of sessions) {
        if (state.openStreams > 0 || state.idleSinceMs > oldest) continue;
        if (session.closed) session.destroy();
        else session.close();
        state.idleSinceMs = oldest + settings.CHECK_INTERVAL_MS;
      }
    },
    close() {
      closed = true;
      for (const session of sessions.keys()) session.close();
    },
    destroy() {
      for (const session of sessions.keys()) session.destroy();
    },
  };
}

/**
 * False for a stream that cannot be legitimate: a client that respects the concurrency limit cannot open more
 * streams than that before it has a response to any. Otherwise a client that resets its streams at once could
 * start thousands of runs with one packet.
 */
function begin(state: SessionState): boolean {
  if (state.begunNow === 0) {
    setImmediate(() => {
      state.begunNow = 0;
    });
  }
  state.begunNow += 1;
  return state.begunNow <= MAX_IN_FLIGHT_PER_CONNECTION;
}

function serverOptions(limits: HeadLimits) {
  return {
    maxSessionMemory: settings.SESSION_MEMORY_MB,
    // Twice the limit: moderate excess gets a response, anything more a reset.
    maxHeaderListPairs: limits.headerCount * 2,
    maxSessionInvalidFrames: settings.MAX_INVALID_FRAMES,
    maxSessionRejectedStreams: settings.MAX_REJECTED_STREAMS,
    streamResetBurst: settings.STREAM_RESET_BURST,
    streamResetRate: settings.STREAM_RESETS_PER_SECOND,
    strictSingleValueFields: false,
    settings: {
      enablePush: false,
      maxConcurrentStreams: MAX_IN_FLIGHT_PER_CONNECTION,
      maxHeaderListSize: limits.urlBytes + limits.headerBytes * 2 + limits.headerCount * LIST_OVERHEAD_BYTES,
    },
  };
}

function take(
  options: Http2Options,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  raw: string[],
): void {
  const socket = stream.session?.socket;
  if (socket === undefined || stream.destroyed) {
    stream.destroy();
    return;
  }
  const connection = connectionOf(socket, options.clients);
  const regular = raw.slice(pseudoLength(raw));
  try {
    const head = headOf(options, stream, headers, regular);
    const forwarded = forwardedBy(connection, options.proxies, regular);
    const { origin, authority } = forwarded ?? { origin: connection, authority: null };
    const asked = authority === null ? head : { ...head, authority };
    options.handler(new Http2Exchange(stream, origin, asked, connection, options));
  } catch (error) {
    if (!(error instanceof TerrariumError)) throw error;
    const head = {
      method: "GET",
      target: "/",
      authority: "",
      headers: regular,
      contentLength: undefined,
      ended: true,
      expectsContinue: false,
    };
    sendError(new Http2Exchange(stream, connection, head, connection, options), error);
  }
}

function headOf(
  options: Http2Options,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  regular: FlatHeaders,
): Http2Head {
  const method = headers[":method"] ?? "GET";
  if (method === "CONNECT") throw new TerrariumError("TER_EDGE_NO_UPGRADE");
  if (!METHODS_OF_HTTP1.has(method)) throw new TerrariumError("TER_EDGE_NOT_IMPLEMENTED", { what: "method" });
  const path = headers[":path"] ?? "";
  const fields = inspectHead(path, regular, options.limits);
  const authority = headers[":authority"] ?? fields.host;
  if (authority === undefined) throw malformed("there is neither :authority nor host");
  if (!isAuthority(authority)) throw malformed("the authority is not a name");
  if (fields.host !== undefined && fields.host.toLowerCase() !== authority.toLowerCase())
    throw malformed(":authority and host differ");
  return {
    method,
    target: pathOfTarget(method, path, authority),
    authority,
    headers: regular,
    contentLength: fields.contentLength,
    ended: stream.endAfterHeaders,
    expectsContinue: fields.expectsContinue,
  };
}

/** Pseudo-headers come first (RFC 9113 section 8.3). */
function pseudoLength(raw: readonly string[]): number {
  let length = 0;
  while (length < raw.length && raw[length]?.startsWith(":") === true) length += 2;
  return length;
}
