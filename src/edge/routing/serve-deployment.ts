// How a deployment answers: with its health, an asset, another edge if it was moved there, or its program.
import type { Limits } from "../../config/index.ts";
import type { CallTree } from "../../hostcalls/index.ts";
import type { Clock } from "../../processes/clock.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { Awaitable, DeploymentId } from "../../store/types.ts";
import type { RunAccounts, RunCost } from "../accounts/run-accounts.ts";
import { findAsset, type FoundAsset } from "../assets/find.ts";
import type { Admission, Admitted } from "../admission/admission.ts";
import type { MemoryAccount } from "../admission/held-memory.ts";
import type { AssetServer } from "../assets/serve.ts";
import type { Exchange } from "../request/exchange.ts";
import type { GuestLogs } from "../logs/guest-logs.ts";
import { assetRecord, RunRecorder } from "../records/run-recorder.ts";
import type { RequestRecord } from "../records/request-record.ts";
import type { RequestRecords } from "../records/request-records.ts";
import { forward } from "../peers/forward.ts";
import { BufferedRequest } from "../request/incoming.ts";
import { sendError } from "../response/error-page.ts";
import { flatHeaders, timingHeaders } from "../response/headers.ts";
import { inCoding, type ProgramResponse } from "../response/program-encoding.ts";
import type { ProgramAnswer, Responder, RunContext } from "../program/types.ts";
import type { Deployment } from "./deployment.ts";

const HEALTH_PATH = "/__health";
const HEALTHY = "ok\n";
const NO_BODY = new Uint8Array(0);
/**
 * Requests of one deployment that may wait for another edge: a slow one must not take its neighbors'
 * capacity.
 */
const MAX_PASSED_ON = 256;
/** Cost of programs that do not run in the engine. */
const FREE: RunCost = { wallMs: 0, cpuMs: 0 };

export interface ServeOptions {
  readonly admission: Admission;
  readonly assets: AssetServer;
  readonly logs: GuestLogs;
  readonly limits: Limits;
  readonly clock: Clock;
  /** The peers' sockets of deployments that run in another edge. */
  readonly routes: ReadonlyMap<DeploymentId, string>;
  readonly accounts: RunAccounts;
  readonly records: RequestRecords;
}

/** Creates the function that serves a deployment. */
export function createServe(
  options: ServeOptions,
): (deployment: Deployment, exchange: Exchange, admitted: Admitted) => Awaitable<void> {
  const serveRest = (deployment: Deployment, exchange: Exchange, admitted: Admitted): Awaitable<void> => {
    const socketPath = options.routes.get(deployment.id);
    if (socketPath !== undefined) {
      if (deployment.inFlight > MAX_PASSED_ON) throw new TerrariumError("TER_EDGE_BUSY");
      return forward(exchange, {
        socketPath,
        patienceMs: 0,
        unreachable: "TER_EDGE_PEER_UNREACHABLE",
      });
    }
    return serveProgram(options, deployment, exchange, admitted);
  };
  return (deployment, exchange, admitted) => {
    if (isHealth(exchange)) return serveHealth(deployment, exchange);
    const found = findAsset(deployment.assets, exchange.method, exchange.target);
    if (found === undefined) return serveRest(deployment, exchange, admitted);
    const beganMs = options.records.active ? options.clock.preciseNow() : 0;
    return serveFound(options, deployment, exchange, found).then((bytes) => {
      if (bytes === undefined) return serveRest(deployment, exchange, admitted);
      if (beganMs > 0 && options.records.take(deployment.id))
        options.records.add(deployment.id, recordOfAsset(exchange, beganMs, bytes));
    });
  };
}

/** Bytes of the body; undefined if the asset is gone. */
async function serveFound(
  options: ServeOptions,
  { assets, createdAtMs }: Deployment,
  exchange: Exchange,
  found: FoundAsset,
): Promise<number | undefined> {
  if (found.kind === "asset")
    return options.assets.serve(exchange, { ...found, assets, lastModifiedMs: createdAtMs });
  exchange.send(301, ["location", found.location, "cache-control", "no-cache"], "");
  return 0;
}

function recordOfAsset(exchange: Exchange, beganMs: number, bytes: number): RequestRecord {
  return assetRecord(new BufferedRequest(exchange, NO_BODY), beganMs, exchange.status, bytes);
}

function isHealth({ method, target }: Exchange): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  return (
    target.startsWith(HEALTH_PATH) &&
    (target.length === HEALTH_PATH.length || target[HEALTH_PATH.length] === "?")
  );
}

async function serveHealth(deployment: Deployment, exchange: Exchange): Promise<void> {
  await deployment.responder();
  exchange.send(200, ["content-type", "text/plain; charset=utf-8", "cache-control", "no-store"], HEALTHY);
}

/** Bodies and programs are usually there already: each wait that is avoided saves time for every request. */
function serveProgram(
  options: ServeOptions,
  deployment: Deployment,
  exchange: Exchange,
  admitted: Admitted,
): Promise<void> {
  const maxBytes = options.limits.requestBodyBytes;
  const body = exchange.readBody({
    maxBytes,
    hold: (bytes) => options.admission.memoryOf(admitted, deployment.id).hold("body", bytes),
  });
  const responder = body instanceof Promise ? undefined : deployment.responder();
  const parts = { options, deployment, exchange, admitted };
  if (body instanceof Promise || responder === undefined || responder instanceof Promise)
    return waitAndRun(parts, body);
  return runProgram(parts, body, responder);
}

/** The parts of one run. */
interface RunParts {
  readonly options: ServeOptions;
  readonly deployment: Deployment;
  readonly exchange: Exchange;
  readonly admitted: Admitted;
}

async function waitAndRun(parts: RunParts, pending: Awaitable<Uint8Array>): Promise<void> {
  const body = await pending;
  return runProgram(parts, body, await parts.deployment.responder());
}

function runProgram(parts: RunParts, body: Uint8Array, responder: Responder): Promise<void> {
  const run = new ProgramRun(parts, new BufferedRequest(parts.exchange, body));
  return responder.respond(run.request, run).then((answer) => {
    const sent = run.answer(answer);
    if (sent === undefined) return run.record();
    return sent.then(() => run.record());
  });
}

/** One run of a program for one exchange. What it offers the program is created on first use. */
class ProgramRun implements RunContext {
  readonly request: BufferedRequest;
  readonly recorder: RunRecorder | null;
  readonly #options: ServeOptions;
  readonly #deployment: Deployment;
  readonly #exchange: Exchange;
  readonly #admitted: Admitted;
  #signal: AbortSignal | undefined;
  #sentBytes = 0;

  constructor({ options, deployment, exchange, admitted }: RunParts, request: BufferedRequest) {
    this.#options = options;
    this.#deployment = deployment;
    this.#exchange = exchange;
    this.#admitted = admitted;
    this.request = request;
    const { records, clock } = options;
    this.recorder =
      records.active && records.take(deployment.id) ? new RunRecorder(clock.preciseNow()) : null;
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      this.#exchange.onGone(() => controller.abort());
      this.#signal = controller.signal;
    }
    return this.#signal;
  }

  get tree(): CallTree {
    const exchange = this.#exchange;
    exchange.calls ??= { left: this.#options.limits.localRequests };
    return { depth: exchange.depth, budget: exchange.calls };
  }

  holdMemory(bytes: number): void {
    this.#memory.hold("guest", bytes);
  }

  holdAnswers(bytes: number): void {
    this.#memory.hold("answers", bytes);
  }

  get #memory(): MemoryAccount {
    return this.#options.admission.memoryOf(this.#admitted, this.#deployment.id);
  }

  log(...[source, text]: Parameters<RunContext["log"]>): void {
    this.#note(source, text);
  }

  /** Sends the answer. A promise if that takes a while. */
  answer(answer: ProgramAnswer): Promise<void> | undefined {
    const { accounts, limits } = this.#options;
    const { id, account } = this.#deployment;
    accounts.ended(id, account, answer.usage ?? FREE, answer.kind === "fault" ? answer.error : null);
    const timing = timingHeaders(this.#exchange, answer.usage);
    if (answer.kind === "fault") {
      this.#fail(answer.error, answer.location, timing);
      return undefined;
    }
    const { status, headers, body } = answer.response;
    try {
      const flat = flatHeaders(status, headers, limits.headerBytes, this.#exchange.authority);
      flat.push(...timing);
      const coded = inCoding(this.#exchange, { status, headers: flat, body });
      if (coded !== null) return coded.then((response) => this.#send(response));
      this.#send({ status, headers: flat, body });
    } catch (error) {
      if (!(error instanceof TerrariumError)) throw error;
      this.#fail(error, null, timing);
    }
    return undefined;
  }

  #send({ status, headers, body }: ProgramResponse): void {
    this.#sentBytes = body.length;
    this.#exchange.send(status, headers, body);
  }

  /** Stores the record once the response was sent. */
  record(): void {
    if (this.recorder === null) return;
    this.#options.records.add(
      this.#deployment.id,
      this.recorder.record(this.request, this.#exchange.status, this.#sentBytes),
    );
  }

  #fail(error: TerrariumError, location: string | null, timing: readonly string[]): void {
    this.recorder?.failed(error);
    this.#note("fault", location === null ? error.message : `${error.message}\n  at ${location}`);
    this.#sentBytes = sendError(this.#exchange, error, location, timing);
  }

  #note(source: Parameters<RunContext["log"]>[0] | "fault", text: string): void {
    this.recorder?.line(source, text);
    this.#options.logs.add(this.#deployment.id, {
      atMs: this.#options.clock.now(),
      source,
      request: this.request.id,
      text,
    });
  }
}
