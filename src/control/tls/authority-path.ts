// Where the local authority is stored. Separate from the authority itself, which loads a certificate library.
import { join } from "node:path";

/** Where the certificate to trust is. */
export function authorityCertificatePath(dataDir: string): string {
  return join(dataDir, "tls", "ca.pem");
}
