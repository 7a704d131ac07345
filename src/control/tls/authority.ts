// The lasting local certificate authority: one ECDSA P-256 key per data directory, made on first start.
import { createHash, randomBytes, webcrypto } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFileDurably, writeFileDurably } from "../../store/durable-files.ts";
import { authorityCertificatePath } from "./authority-path.ts";
import { covers, nameConstraints } from "./name-constraints.ts";
import * as x509 from "./x509.ts";

/** Key algorithm of the authority and of all leaves. */
export const KEY_ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const DAY_MS = 86_400_000;
const VALID_DAYS = 3650;
/** Long ago: the machine's clock may be ahead when the authority is made, and be set back later. */
const VALID_FROM = new Date("2024-01-01T00:00:00Z");

/** The authority, ready to sign. */
export interface Authority {
  readonly certificate: x509.X509Certificate;
  /** PEM, for trust stores. */
  readonly certificatePem: string;
  readonly privateKey: webcrypto.CryptoKey;
}

/**
 * Reads the authority of a data directory, or creates one that may sign only for the domain and these
 * addresses. Another domain gets another authority; one without constraints, from before they existed, serves
 * every domain. Safe if several processes do so at once: the first one wins.
 */
export async function ensureAuthority(
  dataDir: string,
  domain: string,
  addresses: readonly string[],
): Promise<Authority> {
  const folder = join(dataDir, "tls");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const make = async (keyFile: string) =>
    await load(readIfThere(keyFile) ?? (await create(keyFile, nameConstraints(domain, addresses))));
  const first = await make(join(folder, "ca-key.pem"));
  const authority = covers(first.certificate, domain)
    ? first
    : await make(
        join(folder, `ca-key-${createHash("sha256").update(domain).digest("hex").slice(0, 16)}.pem`),
      );
  publish(dataDir, authority.certificatePem);
  return authority;
}

/** Key and certificate lie in one file, so that no reader can see one without the other. */
async function create(keyFile: string, constraints: x509.Extension): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=Terrarium local CA ${randomBytes(3).toString("hex")}`,
    notBefore: VALID_FROM,
    notAfter: new Date(Date.now() + VALID_DAYS * DAY_MS),
    signingAlgorithm: KEY_ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      constraints,
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const text = `${await privateKeyPem(keys.privateKey)}\n${certificate.toString("pem")}\n`;
  createFileDurably(keyFile, text, 0o600);
  return readFileSync(keyFile, "utf8");
}

async function load(text: string): Promise<Authority> {
  const [key, certificatePem] = [block(text, "PRIVATE KEY"), block(text, "CERTIFICATE")];
  const privateKey = await webcrypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(key),
    KEY_ALGORITHM,
    false,
    ["sign"],
  );
  return {
    certificate: new x509.X509Certificate(certificatePem),
    certificatePem: `${certificatePem}\n`,
    privateKey,
  };
}

function block(text: string, label: string): string {
  const found = new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`).exec(text);
  if (found === null)
    throw new Error(`The file of the certificate authority has no ${label}. Move it away to get a new one`);
  return found[0];
}

/** PEM of a private key that may be exported. */
export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/** 16 random bytes, positive and without a leading zero. */
export function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function readIfThere(file: string): string | undefined {
  try {
    chmodSync(file, 0o600);
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function publish(dataDir: string, certificatePem: string): void {
  const file = authorityCertificatePath(dataDir);
  if (readIfPublished(file) === certificatePem) return;
  writeFileDurably(file, certificatePem, 0o644);
}

function readIfPublished(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
