// Defences of the edge: messages that two parsers could read in two ways, and what one client can hold.
import type { Defence } from "./types.ts";

const EDGE = "src/edge";
const HEAD_FILE = `${EDGE}/request/head.ts`;
const HTTP1 = `${EDGE}/listeners/http1.ts`;
const HEAD = `${EDGE}/request/head.test.ts`;
const STRICT = "tests/edge/strictness.test.ts";
const BOUNDS = "tests/edge/limits.test.ts";
const FLOODS = "tests/edge/floods.test.ts";

const MEMORY_ATTACK = "tests/attacks/memory.test.ts";
const HELD_MEMORY = `${EDGE}/admission/held-memory.ts`;

const MEMORY: readonly Defence[] = [
  {
    name: "Requests hold no more memory than an edge may use",
    file: HELD_MEMORY,
    present: "if (left < 0 || this.isFull)",
    removed: "if (this.isFull)",
    test: `${EDGE}/admission/held-memory.test.ts`,
  },
  {
    name: "A source holds no more memory than is left for others",
    file: HELD_MEMORY,
    present: "if (own > 0 && own + bytes > left)",
    removed: "if (own < 0)",
    test: MEMORY_ATTACK,
  },
  {
    name: "A deployment holds no more memory than its share",
    file: HELD_MEMORY,
    present: "if (deployments > 0 && deployments + bytes > DEPLOYMENT_FACTOR * left)",
    removed: "if (deployments < 0)",
    test: `${EDGE}/admission/held-memory.test.ts`,
  },
  {
    name: "Memory of programs that wait is charged",
    file: "src/engine/running/run.ts",
    present: "    this.#chargeMemory(promise);\n",
    removed: "",
    test: MEMORY_ATTACK,
  },
  {
    name: "A program that finds no room ends at once",
    file: "src/engine/running/run.ts",
    present: "      promise.catch(() => undefined);\n      throw error;",
    removed: "      this.#end(this.#endingOf(error));\n      setImmediate(() => this.#requestTurn());",
    test: MEMORY_ATTACK,
  },
  {
    name: "Memories that programs leave behind are freed before they add up",
    file: "src/engine/instances/garbage.ts",
    present: "    collectGarbage();\n",
    removed: "",
    test: MEMORY_ATTACK,
  },
  {
    name: "Memory for a request body is set aside before it is read",
    file: `${EDGE}/request/body.ts`,
    present: "    this.#hold(bytes);\n  }\n\n  finish",
    removed: "  }\n\n  finish",
    test: MEMORY_ATTACK,
  },
  {
    name: "Memory for an upstream's answer is set aside before it arrives",
    file: "src/hostcalls/http/outbound/response-reader.ts",
    present: "    receive?.(bytes);\n",
    removed: "",
    endless: true,
    test: MEMORY_ATTACK,
  },
];

const FRAMING: readonly Defence[] = [
  {
    name: "Names that imitate framing headers by underscores do not reach programs",
    file: `${EDGE}/request/incoming.ts`,
    present: 'if (lower.includes("_") && IMITATED',
    removed: 'if (lower.includes(" ") && IMITATED',
    test: STRICT,
  },
  {
    name: "Idle connections are closed for new ones",
    file: "src/edge/listeners/connection-budget.ts",
    test: "tests/attacks/connections.test.ts",
    present: "this.#options.closeIdle();",
    removed: "",
  },
  {
    name: "One source does not take all connections",
    file: "src/edge/listeners/connection-budget.ts",
    test: "tests/attacks/connections.test.ts",
    present: "if (held >= this.#mostOfSource) return false;",
    removed: "",
    endless: true,
  },
  {
    name: "A client behind a proxy cannot choose its address",
    file: "src/edge/request/trusted-proxies.ts",
    test: "src/edge/request/trusted-proxies.test.ts",
    present: "MAX_HOPS && this.has(client)",
    removed: "MAX_HOPS",
  },
  {
    name: "Nobody behind a proxy counts as a client on the machine",
    file: "src/edge/request/trusted-proxies.ts",
    test: "src/edge/request/trusted-proxies.test.ts",
    present: "isLocal: false,",
    removed: "isLocal: client.startsWith(String(127)),",
  },
  {
    name: "Of two kinds of proxy headers that differ, neither is believed",
    file: "src/edge/request/trusted-proxies.ts",
    test: "src/edge/request/trusted-proxies.test.ts",
    present: "addressOf(one.client) !== addressOf(other.client)",
    removed: "one === null",
  },
  {
    name: "A client cannot make the edge walk a long chain of proxies",
    file: "src/edge/request/trusted-proxies.ts",
    test: "src/edge/request/trusted-proxies.test.ts",
    present: "hops.length - index < MAX_HOPS &&",
    removed: "MAX_HOPS > 0 &&",
  },
  {
    name: "A preamble counts only from a trusted address",
    file: "src/edge/listeners/proxied-sockets.ts",
    test: "tests/e2e/proxies.test.ts",
    present: "const isTrusted = proxies.has(bareAddress(socket.remoteAddress));",
    removed: "const isTrusted = proxies.has(bareAddress(socket.localAddress));",
  },
  {
    name: "The API is reached while its supervisor is replaced",
    file: "src/edge/server.ts",
    test: "tests/edge/passing.test.ts",
    present: "patienceMs: SUPERVISOR_REPLACED_MS,",
    removed: "patienceMs: SUPERVISOR_REPLACED_MS * 0,",
  },
  {
    name: "Edges share the keys of session tickets",
    file: "src/edge/process/supervised-edge.ts",
    test: "tests/e2e/tls-sessions.test.ts",
    present: `ticketKeys: Buffer.from(start.ticketKeys, "base64"),`,
    removed: "",
  },
  {
    name: "Programs that call each other cannot multiply without end",
    file: "src/edge/peers/local-requests.ts",
    test: "tests/attacks/self-requests.test.ts",
    present: "budget.left--;",
    removed: "",
    endless: true,
  },
  {
    name: "One source does not take a whole edge",
    file: "src/edge/admission/admission.ts",
    test: "src/edge/admission/admission.test.ts",
    present: "if (source !== null && shares.heldBy(source) >= free) throw",
    removed: "if (free < 0) throw",
  },
  {
    name: "An IPv6 network counts as one source",
    file: "src/edge/admission/admission.ts",
    test: "src/edge/admission/admission.test.ts",
    present: "? sourceOf(clientAddress) : null;",
    removed: "? (sourceOf(clientAddress), clientAddress) : null;",
  },
  {
    name: "One deployment does not take a whole edge",
    file: "src/edge/admission/admission.ts",
    test: "src/edge/admission/admission.test.ts",
    present: "if (deployment.inFlight > DEPLOYMENT_FACTOR * this.#programs.free) throw",
    removed: "if (deployment.inFlight < 0) throw",
  },
  {
    name: "A flood at deployments does not keep anybody from the API",
    file: "src/edge/admission/admission.ts",
    test: "src/edge/admission/admission.test.ts",
    present: "const shares = isForApi ? this.#api : this.#programs;",
    removed: "const shares = this.#programs; void this.#api;",
  },
  {
    name: "The run of a client that is gone ends at once",
    file: "src/edge/listeners/http1.ts",
    test: "tests/edge/requests.test.ts",
    present: "probeShutClients(server, options.clients);",
    removed: "",
  },
  {
    name: "What frames a message is said once",
    file: HEAD_FILE,
    test: HEAD,
    present: "if (before !== undefined) throw",
    removed: "if (before === null) throw",
  },
  {
    name: "A request names its host",
    file: HTTP1,
    test: STRICT,
    present: `const host = forwarded?.authority ?? fields.host;`,
    removed: `const host = forwarded?.authority ?? fields.host ?? "localhost";`,
  },
  {
    name: "A host is a name",
    file: HTTP1,
    test: STRICT,
    present: "if (!isAuthority(host)) throw",
    removed: "if (host === null) throw",
  },
  {
    name: "The only transfer-encoding is chunked",
    file: HTTP1,
    test: STRICT,
    present: `if (value.toLowerCase() !== "chunked") throw`,
    removed: `if (value === "") throw`,
  },
  {
    name: "Target and host name one authority",
    file: HEAD_FILE,
    test: STRICT,
    present: `if ((parts[1] ?? "").toLowerCase() !== host.toLowerCase()) throw`,
    removed: "if (host.length < 0) throw",
  },
  {
    name: "A target has no fragment",
    file: HEAD_FILE,
    test: STRICT,
    present: `if (target.includes("#")) throw`,
    removed: `if (target === "#") throw`,
  },
  {
    name: "Nothing behind a message that was refused is a request",
    file: HTTP1,
    test: STRICT,
    present: "  if (connection.broken) return;\n",
    removed: "",
  },
];

const HELD: readonly Defence[] = [
  {
    name: "URLs are bounded",
    file: HEAD_FILE,
    test: BOUNDS,
    present: "if (target.length > limits.urlBytes) throw",
    removed: "if (target.length < 0) throw",
  },
  {
    name: "Headers of clients are counted",
    file: HEAD_FILE,
    test: BOUNDS,
    present: "if (headers.length > limits.headerCount * 2) {",
    removed: "if (headers.length < 0) {",
  },
  {
    name: "Headers of clients are bounded in bytes",
    file: HEAD_FILE,
    test: BOUNDS,
    present: "if (bytes > limits.headerBytes) throw",
    removed: "if (bytes < 0) throw",
  },
  {
    name: "Bodies of clients are bounded as they arrive",
    file: `${EDGE}/request/body.ts`,
    test: BOUNDS,
    present: "if (this.#bytes > maxBytes)\n      return this.finish",
    removed: "if (this.#bytes < 0)\n      return this.finish",
  },
  {
    name: "A body without progress is given up",
    file: `${EDGE}/request/body.ts`,
    test: HEAD,
    present: "if (read.progressAtMs < oldest) read.finish",
    removed: "if (read.progressAtMs < 0) read.finish",
    endless: true,
  },
  {
    name: "What is read of a refused body is bounded",
    file: `${EDGE}/request/body.ts`,
    test: HEAD,
    present: "if (this.#bytes > maxBytes + MAX_DISCARDED_BYTES) this",
    removed: "if (this.#bytes < 0) this",
  },
  {
    name: "One connection does not use up another's capacity",
    file: `${EDGE}/admission/admission.ts`,
    test: BOUNDS,
    present: "if (connection.inFlight >= MAX_IN_FLIGHT_PER_CONNECTION) throw",
    removed: "if (MAX_IN_FLIGHT_PER_CONNECTION < 0) throw",
  },
  {
    name: "Streams that begin at once are bounded",
    file: `${EDGE}/listeners/http2.ts`,
    test: FLOODS,
    present: "return state.begunNow <= MAX_IN_FLIGHT_PER_CONNECTION;",
    removed: "return state.begunNow > 0;",
  },
  {
    name: "Small answers over HTTP/2 that nobody reads are counted",
    file: `${EDGE}/listeners/http2-exchange.ts`,
    test: FLOODS,
    present: "    this.#shared.unsent.addUntilClosed(this, length, this.#stream);\n",
    removed: "",
  },
  {
    name: "Small answers over HTTP/1.1 that nobody reads are counted",
    file: `${EDGE}/listeners/http1-exchange.ts`,
    test: FLOODS,
    present: "if (response.writableLength > 0)",
    removed: "if (response.writableLength < 0)",
  },
  {
    name: "Answers that nobody reads are bounded in bytes",
    file: `${EDGE}/response/unsent.ts`,
    test: `${EDGE}/response/unsent.test.ts`,
    present: "if (this.#bytes <= this.#maxBytes || oldest === exchange) return;",
    removed: "if (this.#bytes >= 0 || oldest === exchange) return;",
  },
  {
    name: "Answers that nobody reads are bounded in time",
    file: `${EDGE}/response/unsent.ts`,
    test: `${EDGE}/response/unsent.test.ts`,
    present: "if (sinceMs >= oldestMs) return;",
    removed: "if (sinceMs >= 0) return;",
  },
];

const FRAMES = `${EDGE}/transport/frames.ts`;
const FRAMES_TEST = `${EDGE}/transport/frames.test.ts`;
const PASSED_REQUEST = "src/control/api/passed-request.ts";

const TRANSPORT: readonly Defence[] = [
  {
    name: "A body between processes is no longer than announced",
    file: FRAMES,
    test: FRAMES_TEST,
    present: "if (kind === KINDS.data && this.#left !== null && length > this.#left)",
    removed: "if (kind === KINDS.data && this.#left === -1)",
  },
  {
    name: "A body between processes is no shorter than announced",
    file: FRAMES,
    test: FRAMES_TEST,
    present: `if (kind === KINDS.end && (this.#left ?? 0) > 0) throw`,
    removed: `if (kind === KINDS.end && this.#left === -1) throw`,
  },
  {
    name: "Frames between processes are bounded",
    file: FRAMES,
    test: FRAMES_TEST,
    present: "if (length > most) throw",
    removed: "if (length < 0) throw",
  },
  {
    name: "A connection between processes carries one message",
    file: FRAMES,
    test: FRAMES_TEST,
    present: `if (this.#state === "over" && this.#waiting.length > 0) throw`,
    removed: `if (this.#state === "over" && this.#waiting.length < 0) throw`,
  },
  {
    name: "A depth that no edge counted is no request",
    file: `${EDGE}/transport/heads.ts`,
    test: "tests/edge/passing.test.ts",
    present: "|| depth < 0 || depth > MAX_DEPTH)",
    removed: "|| depth > MAX_DEPTH)",
  },
  {
    name: "The socket for peers takes requests of clients only",
    file: `${EDGE}/peers/passed-exchange.ts`,
    test: "tests/edge/passing.test.ts",
    present:
      "if (client === null) request.destroy();\n    else handler(new PassedExchange(request, client, reads));",
    removed:
      'handler(new PassedExchange(request, client ?? { clientAddress: "::1", scheme: "http", depth: 0 }, reads));',
  },
  {
    name: "No header of a client frames its request to the API",
    file: `${EDGE}/response/headers.ts`,
    test: "src/control/api/passed-request.test.ts",
    present: `"connection", "content-length", "http2-settings"`,
    removed: `"connection", "http2-settings"`,
  },
  {
    name: "No header of a client says who it is",
    file: PASSED_REQUEST,
    test: "src/control/api/passed-request.test.ts",
    present: "!OURS.has(name) && !name.startsWith(INTERNAL_PREFIX)",
    removed: "!OURS.has(name)",
  },
];

/** All defences of the edge. */
export const EDGE_DEFENCES: readonly Defence[] = [...FRAMING, ...HELD, ...MEMORY, ...TRANSPORT];
