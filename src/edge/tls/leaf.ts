// Leaf certificates: one per name, signed by the local authority, all on one key of this process.
import { isIP } from "node:net";
import { webcrypto } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import * as x509 from "./x509.ts";
import { KEY_ALGORITHM, privateKeyPem, serialNumber, type Authority } from "./authority.ts";

const DAY_MS = 86_400_000;
/** Short enough for every client (browsers stop at 398 days for public roots). */
const VALID_DAYS = 90;

/** A certificate ready to serve. */
export interface Leaf {
  /** PEM; the authority's certificate comes last. */
  readonly chain: string;
  /** PEM. */
  readonly key: string;
  readonly context: SecureContext;
  /** When to replace it. */
  readonly renewAtMs: number;
}

/** Signs leaves. */
export interface LeafIssuer {
  /** DNS names or IP addresses; the first is the subject. */
  issue(names: readonly string[]): Promise<Leaf>;
}

/** Creates the process's leaf key once. */
export async function createLeafIssuer(authority: Authority, now: () => number): Promise<LeafIssuer> {
  const keys = await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
  const key = await privateKeyPem(keys.privateKey);
  const keyIdentifiers = [
    await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  return {
    async issue(names) {
      const atMs = now();
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        // The common name is limited to 64 characters; clients read only the alternative names.
        subject: "CN=Terrarium deployment",
        issuer: authority.certificate.subject,
        notBefore: new Date(atMs - DAY_MS),
        notAfter: new Date(atMs + VALID_DAYS * DAY_MS),
        signingAlgorithm: KEY_ALGORITHM,
        publicKey: keys.publicKey,
        signingKey: authority.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(
            names.map((name) => ({ type: isIP(name) === 0 ? "dns" : "ip", value: name })),
          ),
          ...keyIdentifiers,
        ],
      });
      const chain = `${certificate.toString("pem")}\n${authority.certificatePem}`;
      const context = createSecureContext({ key, cert: chain, minVersion: "TLSv1.2" });
      return { chain, key, context, renewAtMs: atMs + (VALID_DAYS / 2) * DAY_MS };
    },
  };
}
