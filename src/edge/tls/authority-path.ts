// Where the local authority lies. Apart from the authority itself, which loads a certificate library.
import { join } from "node:path";

/** Where the certificate to trust lies. */
export function authorityCertificatePath(dataDir: string): string {
  return join(dataDir, "tls", "ca.pem");
}
