// Leaf certificates: one per name, signed by the local authority, all on one key of this process.
import { isIP } from "node:net";
import { webcrypto } from "node:crypto";
import type { IssueLeaf } from "../../edge/tls/leaf-certificate.ts";
import * as x509 from "./x509.ts";
import { KEY_ALGORITHM, privateKeyPem, serialNumber, type Authority } from "./authority.ts";

const DAY_MS = 86_400_000;
/** Short enough for every client (browsers stop at 398 days for public roots). */
const VALID_DAYS = 90;

/** Makes the process's leaf key once. */
export async function createLeafIssuer(authority: Authority, now: () => number): Promise<IssueLeaf> {
  const keys = await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
  const key = await privateKeyPem(keys.privateKey);
  const keyIdentifiers = [
    await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  return async (names) => {
    const atMs = now();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      // The common name is at most 64 characters long; clients read the alternative names only.
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
    const renewAtMs = atMs + (VALID_DAYS / 2) * DAY_MS;
    return { chain, key, validFromMs: atMs - DAY_MS, renewAtMs };
  };
}
