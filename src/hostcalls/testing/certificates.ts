// An authority and leaf certificates for tests.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** PEM texts. */
interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface TestAuthority {
  readonly cert: string;
  /** A certificate for a DNS name or an IP address. */
  issue(name: string, type?: "dns" | "ip"): Promise<TestCertificate>;
}

/** Creates an authority for one test. */
export async function createAuthority(): Promise<TestAuthority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const ca = await X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=Test Authority",
      keys,
      signingAlgorithm: ALGORITHM,
      notAfter: tomorrow(),
      extensions: [new BasicConstraintsExtension(true, 1, true)],
    },
    webcrypto as Crypto,
  );
  return { cert: ca.toString("pem"), issue: (name, type = "dns") => issue(ca, keys.privateKey, name, type) };
}

async function issue(
  ca: X509Certificate,
  caKey: webcrypto.CryptoKey,
  name: string,
  type: "dns" | "ip",
): Promise<TestCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const leaf = await X509CertificateGenerator.create(
    {
      subject: "CN=leaf",
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: caKey,
      signingAlgorithm: ALGORITHM,
      notAfter: tomorrow(),
      extensions: [new SubjectAlternativeNameExtension([{ type, value: name }])],
    },
    webcrypto as Crypto,
  );
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { key, cert: leaf.toString("pem") };
}

function tomorrow(): Date {
  return new Date(Date.now() + 86_400_000);
}
