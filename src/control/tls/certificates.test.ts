import { webcrypto, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createSecureContext, createServer, type SecureContext } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorityCertificatePath } from "./authority-path.ts";
import type { Config } from "../../config/index.ts";
import { ensureAuthority, KEY_ALGORITHM, privateKeyPem, type Authority } from "./authority.ts";
import { authorityOf, createCertificates } from "./certificates.ts";
import * as x509 from "./x509.ts";
import { LeafContexts } from "../../edge/tls/contexts.ts";
import type { IssueLeaf, LeafCertificate } from "../../edge/tls/leaf-certificate.ts";
import { createLeafIssuer } from "./leaf-issuer.ts";

let dir: string;
let authority: Authority;
let issueLeaf: IssueLeaf;
const fallback = createSecureContext();
const T0 = Date.now();

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "terrarium-tls-"));
  authority = await ensureAuthority(dir, "terrarium.test", ["127.0.0.1"]);
  issueLeaf = await createLeafIssuer(authority, () => T0);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const answer = (contexts: LeafContexts, name: string) =>
  new Promise<SecureContext | undefined>((resolve, reject) =>
    contexts.callback(name, (error, context) => (error === null ? resolve(context) : reject(error))),
  );

describe("the local authority", () => {
  it("lasts, and keeps its key to its owner", async () => {
    const again = await ensureAuthority(dir, "terrarium.test", ["127.0.0.1"]);
    expect(again.certificatePem).toBe(authority.certificatePem);
    expect(readFileSync(authorityCertificatePath(dir), "utf8")).toBe(authority.certificatePem);
    expect(statSync(join(dir, "tls", "ca-key.pem")).mode & 0o777).toBe(0o600);
    expect(readFileSync(authorityCertificatePath(dir), "utf8")).not.toContain("PRIVATE");
  });

  it("is one, however many processes make it at once", async () => {
    const other = mkdtempSync(join(tmpdir(), "terrarium-tls-"));
    const made = await Promise.all(
      Array.from({ length: 8 }, () => ensureAuthority(other, "terrarium.test", [])),
    );
    expect(new Set(made.map(({ certificatePem }) => certificatePem)).size).toBe(1);
    rmSync(other, { recursive: true });
  });

  it("may sign leaves and nothing further", () => {
    const certificate = new X509Certificate(authority.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });
});

const NAMES = { domain: "terrarium.test", apiHosts: ["api.test"] };

describe("certificates by SNI", () => {
  const own = (now = () => T0) => new LeafContexts(issueLeaf, NAMES, fallback, now);

  it("are made once per name, whatever its letter case", async () => {
    const contexts = own();
    const first = await answer(contexts, "a-b.terrarium.test");
    expect(first).not.toBe(fallback);
    expect(await answer(contexts, "A-B.Terrarium.TEST")).toBe(first);
    expect(await answer(contexts, "terrarium.test")).not.toBe(first);
    expect(contexts.size).toBe(2);
  });

  it.each([
    "",
    ".",
    "..",
    "example.org",
    "a.b.terrarium.test",
    ".terrarium.test",
    "-.terrarium.test",
    "xterrarium.test",
    "terrarium.test.",
    "127.0.0.1",
    "::1",
    "a\0.terrarium.test",
    "\0",
    `${"a".repeat(255)}`,
    `${"a".repeat(64)}.terrarium.test`,
    `${"a.".repeat(120)}terrarium.test`,
    "*.terrarium.test",
    "__proto__.terrarium.test",
    "ä.terrarium.test",
    "a b.terrarium.test",
    "a/.terrarium.test",
  ])("are the fallback for %j", async (name) => {
    const contexts = own();
    expect(await answer(contexts, name)).toBe(fallback);
    expect(contexts.size).toBe(0);
  });

  it("are the fallback when signing fails, and are tried again", async () => {
    let failing = true;
    const flaky: IssueLeaf = (names) =>
      failing ? Promise.reject(new Error("no entropy")) : issueLeaf(names);
    const contexts = new LeafContexts(flaky, NAMES, fallback, () => T0);
    expect(await answer(contexts, "a.terrarium.test")).toBe(fallback);
    failing = false;
    expect(await answer(contexts, "a.terrarium.test")).not.toBe(fallback);
  });

  it("are renewed before they end", async () => {
    let now = T0;
    const contexts = own(() => now);
    const first = await answer(contexts, "a.terrarium.test");
    now = T0 + 44 * 86_400_000;
    expect(await answer(contexts, "a.terrarium.test")).toBe(first);
    now = T0 + 46 * 86_400_000;
    expect(await answer(contexts, "a.terrarium.test")).not.toBe(first);
  });

  it("are made for further names of the API too, and for no other name", async () => {
    const contexts = own();
    expect(await answer(contexts, "api.test")).not.toBe(fallback);
    expect(await answer(contexts, "a.api.test")).toBe(fallback);
  });

  it("are bounded in number", async () => {
    const leaf = await issueLeaf(["terrarium.test"]);
    const cheap: IssueLeaf = () => Promise.resolve(leaf);
    const contexts = new LeafContexts(cheap, NAMES, fallback, () => T0);
    for (let index = 0; index < 2100; index++) await contexts.contextFor(`n${index}.terrarium.test`);
    expect(contexts.size).toBe(2000);
  });
});

describe("what the supervisor signs for edges", () => {
  const config = (changes: object = {}): Config =>
    ({
      dataDir: dir,
      domain: "terrarium.test",
      listenTls: { host: "127.0.0.1", port: 0 },
      ...changes,
    }) as Config;

  it("is the domain, one label below it and the listener's addresses, and nothing else", async () => {
    const issue = createCertificates(config());
    for (const names of [["a-b.terrarium.test"], ["terrarium.test", "127.0.0.1"]]) {
      const leaf = new X509Certificate((await issue(names)).chain);
      expect(names.every((name) => leaf.checkHost(name) ?? leaf.checkIP(name))).toBe(true);
    }
    for (const name of ["example.org", "a.b.terrarium.test", "10.0.0.1", "*.terrarium.test"])
      await expect(issue(["a-b.terrarium.test", name])).rejects.toThrow(name);
  });

  it("is the same for every edge until it is to be renewed", async () => {
    let now = T0;
    const issue = createCertificates(config(), () => now);
    const first = await issue(["a-b.terrarium.test"]);
    expect(await issue(["a-b.terrarium.test"])).toBe(first);
    now = first.renewAtMs;
    expect((await issue(["a-b.terrarium.test"])).chain).not.toBe(first.chain);
  });

  it("is signed anew when the machine's clock was set back to before it is valid", async () => {
    let now = T0;
    const issue = createCertificates(config(), () => now);
    const first = await issue(["a-b.terrarium.test"]);
    now = first.validFromMs - 60_000;
    const leaf = new X509Certificate((await issue(["a-b.terrarium.test"])).chain);
    expect(leaf.validFromDate.getTime()).toBeLessThanOrEqual(now);
  });

  it("is verified by TLS for the authority's own domain only", async () => {
    const { certificatePem: ca } = await authorityOf(config());
    const foreign = await (await createLeafIssuer(authority, () => T0))(["example.org"]);
    expect(
      await handshake(await createCertificates(config())(["a.terrarium.test"]), ca, "a.terrarium.test"),
    ).toBe("ok");
    expect(await handshake(foreign, ca, "example.org")).toBe("permitted subtree violation");
  });

  it("comes from another authority for another domain, and from an old one for every domain", async () => {
    const other = await authorityOf(config({ domain: "other.test" }));
    expect(other.certificatePem).not.toBe(authority.certificatePem);
    expect((await authorityOf(config())).certificatePem).toBe(authority.certificatePem);
    const old = mkdtempSync(join(tmpdir(), "terrarium-tls-"));
    mkdirSync(join(old, "tls"));
    writeFileSync(join(old, "tls", "ca-key.pem"), await unconstrainedAuthority());
    const kept = await authorityOf(config({ dataDir: old, domain: "any.test" }));
    expect(await authorityOf(config({ dataDir: old, domain: "else.test" }))).toMatchObject({
      certificatePem: kept.certificatePem,
    });
    rmSync(old, { recursive: true });
  });
});

/** The file of an authority from before there were constraints. */
async function unconstrainedAuthority(): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=old",
    signingAlgorithm: KEY_ALGORITHM,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  return `${await privateKeyPem(keys.privateKey)}\n${certificate.toString("pem")}\n`;
}

/** What a client says that trusts the authority: `ok`, or its error. */
async function handshake({ chain, key }: LeafCertificate, ca: string, servername: string): Promise<string> {
  const server = createServer({ cert: chain, key }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: "127.0.0.1", port, servername, ca });
  try {
    return await Promise.race([
      once(socket, "secureConnect").then(() => "ok"),
      new Promise<string>((resolve) => socket.on("error", (error) => resolve(error.message))),
    ]);
  } finally {
    socket.destroy();
    server.close();
  }
}
