// A real edge in this process, over a real store in a folder of its own. Programs are given as functions at
// the seam where the engine stands, unless a test brings a loader of its own.
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { connect as connectHttp2, type ClientHttp2Session, type OutgoingHttpHeaders } from "node:http2";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LIMITS, type Config, type Limits } from "../../src/config/index.ts";
import { type EdgeServerOptions, type EdgeServer, startEdge } from "../../src/edge/server.ts";
import { authorityOf, createCertificates } from "../../src/control/tls/certificates.ts";
import type { ProgramAnswer, RunContext } from "../../src/edge/program/types.ts";
import type { IncomingRequest } from "../../src/hostcalls/types.ts";
import { digestOf } from "../../src/store/digest.ts";
import { openStore } from "../../src/store/index.ts";
import type { ArtifactManifest, DeploymentId, Store } from "../../src/store/types.ts";
import { askLoopback, type HttpAnswer } from "../http/ask.ts";
import { edgeConfig, liveRecord } from "./live-deployment.ts";

export type Program = (
  request: IncomingRequest,
  context: RunContext,
) => ProgramAnswer | Promise<ProgramAnswer>;

export const DOMAIN = "terrarium.test";

/** Answers with what it was asked, as JSON. */
export const echo: Program = ({ method, path, headers, body }) =>
  respond(
    200,
    JSON.stringify({ method, path, headers, bodyBytes: body.byteLength, bodyDigest: digestOf(body) }),
    [["content-type", "application/json"]],
  );

export function respond(
  status: number,
  body: string | Uint8Array,
  headers: readonly (readonly [string, string])[] = [],
): ProgramAnswer {
  return {
    kind: "response",
    response: { status, headers, body: typeof body === "string" ? Buffer.from(body) : body },
  };
}

export interface TestEdge {
  readonly edge: EdgeServer;
  readonly store: Store;
  readonly dir: string;
  readonly config: Config;
  readonly ca: string;
  readonly peerSocket: string;
  /** Programs by deployment; may be changed while the edge runs. */
  readonly programs: Map<string, Program>;
  deploy(
    id: string,
    program: Program,
    options?: { assets?: Record<string, string | Uint8Array>; expiresAtMs?: number | null },
  ): Promise<DeploymentId>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestEdgeServerOptions {
  readonly limits?: Partial<Limits>;
  readonly config?: Partial<Config>;
  readonly edge?: Partial<EdgeServerOptions>;
}

export async function startTestEdge(options: TestEdgeServerOptions = {}): Promise<TestEdge> {
  const dir = mkdtempSync(join(tmpdir(), "terrarium-edge-"));
  const config = testConfig(dir, options);
  const store = await openStore(config, {
    role: "supervisor",
    ...(options.edge?.clock === undefined ? {} : { now: options.edge.clock.now }),
  });
  const programs = new Map<string, Program>();
  const peerSocket = join(dir, "run", "edge-1.sock");
  const edge = await startEdge({
    config,
    store,
    controlSocket: join(dir, "run", "control.sock"),
    peerSocket,
    issueLeaf: createCertificates(config, options.edge?.clock?.now),
    programs: () => ({
      load: (id) =>
        Promise.resolve({
          respond: async (request, context) => programs.get(id)!(request, context),
          dispose: () => undefined,
        }),
      close: () => Promise.resolve(),
    }),
    ...options.edge,
  });
  return {
    edge,
    store,
    dir,
    config,
    programs,
    peerSocket,
    ca: (await authorityOf(config)).certificatePem,
    deploy: (id, program, more = {}) => deploy(store, programs, id, program, more),
    async [Symbol.asyncDispose]() {
      await edge.close();
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function testConfig(dataDir: string, { config, limits }: TestEdgeServerOptions): Config {
  return edgeConfig(dataDir, {
    listenTls: { host: "127.0.0.1", port: 0 },
    domain: DOMAIN,
    tls: { kind: "auto" },
    ...config,
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
}

async function deploy(
  store: Store,
  programs: Map<string, Program>,
  id: string,
  program: Program,
  options: { assets?: Record<string, string | Uint8Array>; expiresAtMs?: number | null },
): Promise<DeploymentId> {
  const deployment = id as DeploymentId;
  programs.set(id, program);
  const blobs = Object.values(options.assets ?? {}).map((content) => Buffer.from(content));
  const assets = Object.fromEntries(
    Object.keys(options.assets ?? {}).map((path, index) => [
      path,
      { digest: digestOf(blobs[index]!), sizeBytes: blobs[index]!.length },
    ]),
  );
  const module = Buffer.from("a module that the test's loader does not read");
  await store.deployments.create({ ...liveRecord(id), expiresAtMs: options.expiresAtMs ?? null });
  await store.artifacts.put(
    deployment,
    {
      version: 1,
      language: "wat",
      module: digestOf(module),
      layout: {} as ArtifactManifest["layout"],
      codeMap: digestOf(module),
      original: digestOf(module),
      assets,
    },
    [module, ...blobs],
  );
  return deployment;
}

/** One request over HTTP/1.1 to a deployment, on a connection of its own. */
export function ask(
  test: TestEdge,
  id: string,
  path = "/",
  options: { method?: string; headers?: Record<string, string | string[]>; body?: string | Uint8Array } = {},
): Promise<HttpAnswer> {
  const request = {
    port: test.edge.httpPort,
    path,
    method: options.method ?? "GET",
    headers: { host: id === "" ? DOMAIN : `${id}.${DOMAIN}`, ...options.headers },
  };
  return askLoopback(request, options.body);
}

/** Sends raw bytes and returns everything received until the edge closes, or until `enough` returns true. */
export function sendRaw(
  port: number,
  bytes: string | Buffer,
  enough: (received: string) => boolean = () => false,
  more: { /** Nothing follows: the sending side is shut. */ readonly last: boolean } = { last: false },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      received += chunk;
      if (enough(received)) socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? undefined : reject(error),
    );
    socket.on("close", () => resolve(received));
    socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    if (more.last) socket.end();
  });
}

/** An HTTP/2 session that trusts the edge's authority. */
export function openHttp2(test: TestEdge, id: string): ClientHttp2Session {
  const session = connectHttp2(`https://${id}.${DOMAIN}:${test.edge.httpsPort}`, {
    ca: test.ca,
    servername: `${id}.${DOMAIN}`,
    strictSingleValueFields: false,
    lookup: (
      _name: string,
      options: { all?: boolean },
      done: (error: null, address: unknown, family?: number) => void,
    ) =>
      options.all === true ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4),
  } as Parameters<typeof connectHttp2>[1]);
  session.on("error", () => undefined);
  return session;
}

/** One request over an HTTP/2 session. */
export function askHttp2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Uint8Array,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    const chunks: Buffer[] = [];
    let answered: IncomingHttpHeaders = {};
    stream.on("response", (received) => (answered = received));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => {
      const body = Buffer.concat(chunks);
      resolve({
        status: Number(answered[":status"]),
        headers: answered,
        rawHeaders: [],
        body,
        text: body.toString(),
      });
    });
    if (body !== undefined) stream.end(body);
  });
}
