// Defences of the control plane: who may do what, and how much.
import type { Defence } from "./types.ts";

const ACCESS = "src/control/api/access.ts";
const ACCESS_TEST = "src/control/api/access.test.ts";
const QUOTAS = "src/control/deployments/quotas.ts";
const QUOTAS_TEST = "src/control/deployments/quotas.test.ts";

const LINEAR_TEST = "tests/attacks/linear-time.test.ts";

/** All defences of the control plane. */
export const CONTROL_DEFENCES: readonly Defence[] = [
  {
    name: "A source is admitted before a byte of its upload is read",
    file: "src/control/api/routes/deploy.ts",
    test: "tests/attacks/admission.test.ts",
    present: "const admitted = await deployments.admit(source);",
    removed: "const admitted = { source, end: () => undefined };",
  },
  {
    name: "Uploads under way are bounded in all",
    file: "src/control/api/upload-budget.ts",
    test: "src/control/api/upload-budget.test.ts",
    present: "if (bytes > free ||",
    removed: "if (",
  },
  {
    name: "One source does not take all bytes of uploads",
    file: "src/control/api/upload-budget.ts",
    test: "src/control/api/upload-budget.test.ts",
    present: "(this.#isShared && own > 0 && own + bytes > free - bytes)",
    removed: "(this.#isShared && own < 0)",
  },
  {
    name: "A domain of the internet makes no operators of its visitors",
    file: "src/config/load.ts",
    test: "src/config/load.test.ts",
    present: "return !isLoopback(domain) || listeners.some(",
    removed: "return listeners.some(",
  },
  {
    name: "A public server gives requests little CPU",
    file: "src/config/load.ts",
    test: "src/config/load.test.ts",
    present: "isPublic ? { ...DEFAULT_LIMITS, ...PUBLIC_LIMITS } : DEFAULT_LIMITS",
    removed: "DEFAULT_LIMITS",
  },
  {
    name: "A public server keeps deployments for an hour at most",
    file: "src/config/load.ts",
    test: "src/config/load.test.ts",
    present: "isPublic ? PUBLIC_MAX_TTL_MS : null",
    removed: "null",
  },
  {
    name: "Base64 of an archive is checked in time proportional to its length",
    file: "src/control/parsing/base64.ts",
    test: LINEAR_TEST,
    present: "if (/[^A-Za-z0-9+/\\-_\\s]/.test(withoutPadding(text.trimEnd())))",
    removed: "if (!/^[A-Za-z0-9+/\\-_\\s]*={0,2}\\s*$/.test(text))",
    endless: true,
  },
  {
    name: "The root file of a Rust project is searched in time proportional to its length",
    file: "src/languages/rust/program.ts",
    test: LINEAR_TEST,
    present: "/^[ \\t]*(#",
    removed: "/^\\s*(#",
    endless: true,
  },
  {
    name: "Keys of terrarium.toml are bounded before the parser sees them",
    file: "src/builder/manifest.ts",
    test: LINEAR_TEST,
    present: `if (reason !== null) throw new TerrariumError("TER_PROJECT_FILE_INVALID", { reason });`,
    removed: "",
    endless: true,
  },
  {
    name: "A stranger's input that takes too long to parse ends the process that parses",
    file: "src/control/parsing/parser.ts",
    test: "src/control/parsing/parser.test.ts",
    present: "setTimeout(() => reject(beyond(`${this.#maxMs} ms`)), this.#maxMs)",
    removed: "setTimeout(() => undefined, this.#maxMs)",
    endless: true,
  },
  {
    name: "Pages of other sites may not use the API",
    file: ACCESS,
    test: ACCESS_TEST,
    present: `site !== null && site !== "same-origin" && site !== "none"`,
    removed: `site === "never"`,
  },
  {
    name: "A foreign origin is refused where the browser sends no fetch metadata",
    file: ACCESS,
    test: ACCESS_TEST,
    present: `new URL(origin).host !== headers.get("host")`,
    removed: `new URL(origin).host === ""`,
  },
  {
    name: "An origin that is none is refused",
    file: ACCESS,
    test: ACCESS_TEST,
    present: "(!URL.canParse(origin) || ",
    removed: "(URL.canParse(origin) && ",
  },
  {
    name: "Beyond loopback a token is needed",
    file: ACCESS,
    test: ACCESS_TEST,
    present: `if (token === undefined) throw new TerrariumError("TER_UNAUTHORIZED", { which: WHICH[access] });`,
    removed: "if (token === undefined) return;",
  },
  {
    name: "A deployment's token manages that deployment only",
    file: ACCESS,
    test: ACCESS_TEST,
    present: "tokenMatches(token, digest ?? NO_DIGEST) && digest !== undefined",
    removed: "digest !== undefined",
  },
  {
    name: "A deployment's token lists nothing",
    file: ACCESS,
    test: ACCESS_TEST,
    present: `if (access === "operator") return [];`,
    removed: "",
  },
  {
    name: "Only an app's owner deploys to it",
    file: "src/control/apps/apps.ts",
    test: "tests/e2e/apps.test.ts",
    present: "if (tokenDigest !== undefined && !deployer.mayChange({ tokenDigest })) throw taken(name);",
    removed: "",
  },
  {
    name: "The name of a deleted app is held for its owner",
    file: "src/control/apps/apps.ts",
    test: "tests/e2e/apps.test.ts",
    present: "app?.tokenDigest ?? (await apps.heldFor(name))",
    removed: "app?.tokenDigest",
  },
  {
    name: "No edge answers with an earlier version once a switch is acknowledged",
    file: "src/control/supervisor/edge-pool.ts",
    test: "tests/e2e/apps.test.ts",
    present: "await (canTellAll ? Promise.race([told, reread]) : reread);",
    removed: "void told;",
  },
  {
    name: "The current version of an app cannot be deleted or made to expire",
    file: "src/control/deployments/deployments.ts",
    test: "tests/e2e/apps.test.ts",
    present: "if (app !== null && (await apps.get(app))?.currentId === id) throw",
    removed: "if (app === undefined) throw",
  },
  {
    name: "The deploy token deploys and does nothing else",
    file: ACCESS,
    test: ACCESS_TEST,
    present: `if (access === "deploy" && config.deployToken !== null && tokenMatches`,
    removed: `if (config.deployToken !== null && tokenMatches`,
  },
  {
    name: "One build at a time and source",
    file: QUOTAS,
    test: QUOTAS_TEST,
    present: "if (building >= quotas.buildsAtOnce) throw",
    removed: "if (building < 0) throw",
  },
  {
    name: "Live deployments of a source are bounded",
    file: QUOTAS,
    test: QUOTAS_TEST,
    present: "if (alive >= quotas.liveDeployments) throw",
    removed: "if (alive < 0) throw",
  },
  {
    name: "Deploys of a source in an hour are bounded",
    file: QUOTAS,
    test: QUOTAS_TEST,
    present: "if (recent.length >= quotas.deploysPerHour) throw",
    removed: "if (recent.length < 0) throw",
  },
  {
    name: "Tokens are compared as wholes",
    file: "src/control/deployments/identity.ts",
    test: "src/control/deployments/identity.test.ts",
    present: "expected.length === given.length && timingSafeEqual(expected, given)",
    removed: "expected.length === given.length",
  },
  {
    name: "Answers of the protocol are bounded",
    file: "src/control/protocol/bounded-answer.ts",
    test: "src/control/protocol/bounded-answer.test.ts",
    present: "if (Buffer.byteLength(whole) <= MAX_ANSWER_BYTES) return whole;",
    removed: "if (MAX_ANSWER_BYTES > 0) return whole;",
  },
];
