// Certificates in PEM files.
import { X509Certificate } from "node:crypto";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/;

/** Whether the text begins with a certificate, after whatever stands before it. */
export function holdsCertificate(text: string): boolean {
  const first = CERTIFICATE.exec(text)?.[0];
  if (first === undefined) return false;
  try {
    return new X509Certificate(first).subject !== undefined;
  } catch {
    return false;
  }
}
