// Defences of what programs send: which addresses, which messages, how much comes back.
import type { Defence } from "./types.ts";

const HOSTCALLS = "src/hostcalls";
const OUT = `${HOSTCALLS}/http/outbound`;
const SSRF = `${OUT}/ssrf.test.ts`;
const OUTBOUND = `${OUT}/outbound.test.ts`;

/** All defences of outbound requests. */
export const EGRESS: readonly Defence[] = [
  {
    name: "Two different lengths are not a response",
    file: `${OUT}/response-reader.ts`,
    test: `${OUT}/response-reader.test.ts`,
    present: 'if (lengths.size > 1) throw notHttp("it has two different lengths");',
    removed: "",
  },
  {
    name: "A header line holds no second one",
    file: `${OUT}/response-reader.ts`,
    test: `${OUT}/response-reader.test.ts`,
    present: "if (BROKEN_LINE.test(line))",
    removed: "if (line === null)",
  },
  {
    name: "The head of a response is bounded, that of interim ones included",
    file: `${OUT}/response-reader.ts`,
    test: `${OUT}/response-reader.test.ts`,
    present: "if (this.#headBytes > this.#limits.maxHeaderBytes) throw",
    removed: "if (this.#lineLength + length > this.#limits.maxHeaderBytes) throw",
  },
  {
    name: "What a request consists of is checked before it leaves",
    file: `${OUT}/request-text.ts`,
    test: OUTBOUND,
    present: "if (!valid)",
    removed: "if (valid === undefined)",
  },
  {
    name: "Headers that belong to the upstream's connection go no further",
    file: `${OUT}/hop.ts`,
    test: OUTBOUND,
    present: "return !dropped.has(key) &&",
    removed: "return",
  },
  {
    name: "Addresses of the hosts file are checked",
    file: `${OUT}/connect.ts`,
    test: OUTBOUND,
    present: "if (known.length > 0) return known;",
    removed: "if (known.length > 0) return [Uint8Array.of(127, 0, 0, 1)].filter(() => refuseIf === null);",
  },

  {
    name: "Guests connect to public addresses only",
    file: `${OUT}/address-policy.ts`,
    test: SSRF,
    present: `if (!isPublic(plain)) return "the address is not a public one";`,
    removed: "",
  },
  {
    name: "Guests connect to no public address of the machine itself",
    file: `${OUT}/address-policy.ts`,
    test: SSRF,
    present: `if (isThisMachine(plain, interfaces)) return "the address belongs to this machine";`,
    removed: "",
  },
  {
    name: "Every address of a name is checked, not only the first",
    file: `${OUT}/connect.ts`,
    test: SSRF,
    present: "for (const address of addresses) refuseIf",
    removed: "for (const address of addresses.slice(0, 1)) refuseIf",
  },
  {
    name: "A connection goes to the address that was checked",
    file: `${OUT}/connect.ts`,
    test: SSRF,
    present: "host: PINNED, port: destination.port, lookup: pinned(destination.addresses),",
    removed:
      "host: PINNED, port: destination.port, lookup: pinned(await addressesOf(connecting, plainName(url.hostname), signal).catch(() => destination.addresses)),",
  },
  {
    name: "IPv6 forms of IPv4 addresses are checked as IPv4",
    file: `${OUT}/address.ts`,
    test: SSRF,
    present: "? address.slice(12) : address",
    removed: "? address : address",
  },
  {
    name: "6to4, Teredo and documentation blocks are not public",
    file: `${OUT}/address-policy.ts`,
    test: SSRF,
    present: "&& !NOT_PUBLIC_V6.some((block) => isInBlock(plain, block))",
    removed: "",
  },
  {
    name: "The platform's own listeners are refused even where the operator allows their address",
    file: `${OUT}/address-policy.ts`,
    test: SSRF,
    present: "endpoint.port === port && isAt(",
    removed: "endpoint.port < 0 && isAt(",
  },
  {
    name: "Credentials do not follow a redirect to another origin",
    file: `${OUT}/redirect.ts`,
    test: OUTBOUND,
    present: "(sameOrigin || !ORIGIN_HEADERS.has(name.toLowerCase()))",
    removed: "(sameOrigin || true)",
  },
  {
    name: "Redirects lead to http and https only",
    file: `${HOSTCALLS}/http/target.ts`,
    test: OUTBOUND,
    present: `(url.protocol !== "http:" && url.protocol !== "https:") ||`,
    removed: "",
  },
  {
    name: "Redirects are bounded",
    file: `${OUT}/outbound.ts`,
    test: OUTBOUND,
    present: "const MAX_REDIRECTS = 10;",
    removed: "const MAX_REDIRECTS = 1000;",
  },
  {
    name: "Each redirect costs a subrequest",
    file: `${OUT}/outbound.ts`,
    test: OUTBOUND,
    present: "    grant.spend();\n",
    removed: "",
  },
  {
    name: "The certificate must be that of the URL's host",
    file: `${OUT}/connect.ts`,
    test: OUTBOUND,
    present: "checkServerIdentity(host, certificate)",
    removed: "{ void certificate; return undefined; }",
  },
  {
    name: "Certificates must come from a known authority",
    file: `${OUT}/connect.ts`,
    test: OUTBOUND,
    present: "rejectUnauthorized: true",
    removed: "rejectUnauthorized: false",
  },
  {
    name: "A decoded body stops at the cap",
    file: `${OUT}/decode.ts`,
    test: OUTBOUND,
    present: "maxOutputLength: Math.max(1, maxBytes)",
    removed: "maxOutputLength: 2 ** 30",
  },
  {
    name: "Layers of encoding are bounded",
    file: `${OUT}/decode.ts`,
    test: OUTBOUND,
    present: "const MAX_CODINGS = 5;",
    removed: "const MAX_CODINGS = 1e9;",
  },
  {
    name: "A body stops at the cap while it arrives",
    file: `${OUT}/response-reader.ts`,
    test: OUTBOUND,
    present: "if (bytes > maxBodyBytes) throw tooLarge(maxBodyBytes);",
    removed: "if (bytes > 1e12) throw tooLarge(maxBodyBytes);",
  },
  {
    name: "Requests to the platform's own names carry the URL's host",
    file: `${OUT}/outbound.ts`,
    test: OUTBOUND,
    present: "local.dispatch(toOwnHost(request), tree, signal)",
    removed: "local.dispatch(request, tree, signal)",
  },
  {
    name: "Deployments that call one another are counted",
    file: "src/edge/peers/memory-exchange.ts",
    test: "tests/edge/programs.test.ts",
    present: "this.depth = tree.depth + 1;",
    removed: "this.depth = tree.depth;",
  },
  {
    name: "Failures tell nothing of the network behind",
    file: `${OUT}/failure.ts`,
    test: OUTBOUND,
    present: "return new OutboundFailure(MESSAGES[code] ?? describe(code));",
    removed: "return new OutboundFailure(String(error));",
  },
];
