// HTTP requests of guests: defaults, redirects, time, and which hops stay on this machine.
import { readFileSync } from "node:fs";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { ResolveRule } from "../../../config/index.ts";
import { RunEnded } from "../../call-errors.ts";
import type {
  HeaderList,
  Outbound,
  OutboundGrant,
  OutboundRequest,
  OutboundResponse,
  Resolver,
} from "../../types.ts";
import { createAddressPolicy, type OwnEndpoint } from "./address-policy.ts";
import { type Connecting, findRule } from "./connect.ts";
import { OutboundFailure, toFailure } from "./failure.ts";
import { cleanAnswer, sendHop } from "./hop.ts";
import { createHostsLookup, type HostsLookup } from "./hosts-file.ts";
import { followRedirect } from "./redirect.ts";
import type { ResponseLimits } from "./response-reader.ts";

/** Where a run stands among deployments that call each other. */
export interface CallTree {
  /** Deployments between the client and this run: 0 for a request from outside. */
  readonly depth: number;
  /** What all runs that one client's request has caused may still send to deployments. */
  readonly budget: CallBudget;
}

/** Shared by all runs below one client's request. */
export interface CallBudget {
  left: number;
}

/** Requests to the platform's own deployments, served without leaving the machine. */
export interface LocalSite {
  /** Whether a URL leads to a deployment of this platform. */
  readonly owns: (url: URL) => boolean;
  /**
   * `tree` is the caller's. Beyond the depth that the platform allows the response is 508. Rejects if the
   * budget is used up.
   */
  readonly dispatch: (
    request: OutboundRequest,
    tree: CallTree,
    signal: AbortSignal,
  ) => Promise<OutboundResponse>;
}

export interface OutboundOptions {
  readonly resolver: Resolver;
  readonly limits: ResponseLimits;
  /** CIDR blocks that guests may reach although they are not public. */
  readonly allowNet: readonly string[];
  readonly resolve: readonly ResolveRule[];
  /** PEM files with further authorities. */
  readonly caFiles: readonly string[];
  /** The platform's own listeners, which guests never reach by address; asked anew for each connection. */
  readonly ownEndpoints?: () => readonly OwnEndpoint[];
  readonly local?: LocalSite;
  /** Names that come before DNS; those of the machine's hosts file unless told otherwise. */
  readonly hosts?: HostsLookup;
  /** Longest time from the first hop to the end of the last. */
  readonly totalMs?: number;
}

/** One per process. */
export interface OutboundService {
  /** For one run. */
  forRun(tree: CallTree): Outbound;
}

const TOTAL_MS = 30_000;
const MAX_REDIRECTS = 10;

/** Creates the service; throws if a block or a file of authorities is invalid. */
export function createOutbound(options: OutboundOptions): OutboundService {
  const authorities = options.caFiles.map((file) => readFileSync(file, "utf8"));
  let context: SecureContext | undefined;
  const connecting: Connecting = {
    policy: createAddressPolicy(options.allowNet, options.ownEndpoints ?? (() => [])),
    resolver: options.resolver,
    rules: options.resolve,
    hosts: options.hosts ?? createHostsLookup(),
    secureContext: () =>
      (context ??= createSecureContext({ ca: [...getCACertificates("default"), ...authorities] })),
  };
  return {
    forRun: (tree) => ({ send: (request, grant) => sendInTime(options, connecting, request, grant, tree) }),
  };
}

async function sendInTime(
  options: OutboundOptions,
  connecting: Connecting,
  request: OutboundRequest,
  grant: OutboundGrant,
  tree: CallTree,
): Promise<OutboundResponse> {
  const totalMs = options.totalMs ?? TOTAL_MS;
  const timeout = AbortSignal.timeout(totalMs);
  const signal = AbortSignal.any([grant.signal, timeout]);
  const hop = (next: OutboundRequest) =>
    options.local?.owns(next.url) === true && findRule(connecting, next.url) === undefined
      ? sendLocally(options.local, next, tree, signal)
      : sendHop(connecting, { ...options.limits, receive: grant.receive }, next, signal);
  try {
    return await cleanAnswer(await followAll(withDefaults(request), hop, grant), options.limits.maxBodyBytes);
  } catch (error) {
    if (grant.signal.aborted) throw new RunEnded();
    if (timeout.aborted) throw new OutboundFailure(`there was no complete answer within ${totalMs / 1000} s`);
    throw error;
  }
}

async function followAll(
  request: OutboundRequest,
  hop: (request: OutboundRequest) => Promise<OutboundResponse>,
  grant: OutboundGrant,
): Promise<OutboundResponse> {
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await hop(current);
    const next = followRedirect(current, answer.status, answer.headers);
    if (next === null) return answer;
    if (redirects === MAX_REDIRECTS)
      throw new OutboundFailure(`there were more than ${MAX_REDIRECTS} redirects`);
    grant.spend();
    current = next;
  }
}

async function sendLocally(
  local: LocalSite,
  request: OutboundRequest,
  tree: CallTree,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  try {
    return await local.dispatch(toOwnHost(request), tree, signal);
  } catch (error) {
    throw toFailure(error);
  }
}

/** The request with the headers that the platform adds unless the program set them. */
function withDefaults(request: OutboundRequest): OutboundRequest {
  const given = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const url = new URL(request.url);
  const defaults: [string, string][] = [
    ["user-agent", "terrarium"],
    ["accept", "*/*"],
  ];
  // A range refers to the stored bytes, not to compressed ones.
  defaults.push(["accept-encoding", given.has("range") ? "identity" : "gzip, deflate, br"]);
  if (url.username !== "" || url.password !== "") defaults.push(["authorization", basicCredentials(url)]);
  url.username = "";
  url.password = "";
  return { ...request, url, headers: [...request.headers, ...defaults.filter(([name]) => !given.has(name))] };
}

function basicCredentials(url: URL): string {
  const credentials = [percentDecoded(url.username), Buffer.from(":"), percentDecoded(url.password)];
  return `Basic ${Buffer.concat(credentials).toString("base64")}`;
}

/** The bytes of a text; a percent sign that begins no escape stands for itself, as in curl. */
function percentDecoded(text: string): Buffer {
  const units = text.replace(/%[0-9a-f]{2}/gi, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  );
  return Buffer.from(units, "latin1");
}

/** Inside the platform only the URL names the deployment; a guest's `host` cannot redirect to another. */
function toOwnHost(request: OutboundRequest): OutboundRequest {
  const headers: HeaderList = [
    ["host", request.url.host],
    ...request.headers.filter(([name]) => name.toLowerCase() !== "host"),
  ];
  return { ...request, headers };
}
