import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorityCertificatePath } from "./authority-path.ts";
import { ensureAuthority, type Authority } from "./authority.ts";
import { LeafContexts } from "./contexts.ts";
import { createLeafIssuer, type LeafIssuer } from "./leaf.ts";

let dir: string;
let authority: Authority;
let issuer: LeafIssuer;
const fallback = createSecureContext();
const T0 = Date.now();

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "terrarium-tls-"));
  authority = await ensureAuthority(dir);
  issuer = await createLeafIssuer(authority, () => T0);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const answer = (contexts: LeafContexts, name: string) =>
  new Promise<SecureContext | undefined>((resolve, reject) =>
    contexts.callback(name, (error, context) => (error === null ? resolve(context) : reject(error))),
  );

describe("the local authority", () => {
  it("persists, and its key is readable only by its owner", async () => {
    const again = await ensureAuthority(dir);
    expect(again.certificatePem).toBe(authority.certificatePem);
    expect(readFileSync(authorityCertificatePath(dir), "utf8")).toBe(authority.certificatePem);
    expect(statSync(join(dir, "tls", "ca-key.pem")).mode & 0o777).toBe(0o600);
    expect(readFileSync(authorityCertificatePath(dir), "utf8")).not.toContain("PRIVATE");
  });

  it("is the same, however many processes create it at once", async () => {
    const other = mkdtempSync(join(tmpdir(), "terrarium-tls-"));
    const made = await Promise.all(Array.from({ length: 8 }, () => ensureAuthority(other)));
    expect(new Set(made.map(({ certificatePem }) => certificatePem)).size).toBe(1);
    rmSync(other, { recursive: true });
  });

  it("may sign only leaves", () => {
    const certificate = new X509Certificate(authority.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });
});

describe("certificates by SNI", () => {
  const own = (now = () => T0) => new LeafContexts(issuer, "terrarium.test", fallback, now);

  it("are created once per name, in any letter case", async () => {
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
    const flaky: LeafIssuer = {
      issue: (names) => (failing ? Promise.reject(new Error("no entropy")) : issuer.issue(names)),
    };
    const contexts = new LeafContexts(flaky, "terrarium.test", fallback, () => T0);
    expect(await answer(contexts, "a.terrarium.test")).toBe(fallback);
    failing = false;
    expect(await answer(contexts, "a.terrarium.test")).not.toBe(fallback);
  });

  it("are renewed before they expire", async () => {
    let now = T0;
    const contexts = own(() => now);
    const first = await answer(contexts, "a.terrarium.test");
    now = T0 + 44 * 86_400_000;
    expect(await answer(contexts, "a.terrarium.test")).toBe(first);
    now = T0 + 46 * 86_400_000;
    expect(await answer(contexts, "a.terrarium.test")).not.toBe(first);
  });

  it("are bounded in number", async () => {
    const cheap: LeafIssuer = {
      issue: () =>
        Promise.resolve({ chain: "", key: "", context: fallback, renewAtMs: Number.POSITIVE_INFINITY }),
    };
    const contexts = new LeafContexts(cheap, "terrarium.test", fallback, () => T0);
    for (let index = 0; index < 2100; index++) await contexts.contextFor(`n${index}.terrarium.test`);
    expect(contexts.size).toBe(2000);
  });
});
