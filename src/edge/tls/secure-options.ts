// What the TLS listener presents: the operator's certificate for every name, or leaves that the
// supervisor signs.
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import type { Config } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { LeafContexts, type SniCallback } from "./contexts.ts";
import type { IssueLeaf } from "./leaf-certificate.ts";

/** The most common addresses of a listener on all interfaces. */
const LOOPBACK = ["127.0.0.1", "::1"];

/** Options for the TLS server. */
export interface Presented {
  /** For clients without SNI: Node does not call the callback then. */
  readonly cert: string;
  readonly key: string;
  readonly SNICallback: SniCallback;
}

/** What the edge presents; null if HTTPS is off. */
export async function createPresented(
  config: Config,
  issueLeaf: IssueLeaf,
  now: () => number,
): Promise<Presented | null> {
  if (config.tls.kind === "off" || config.listenTls === null) return null;
  if (config.tls.kind === "files") return ownCertificate(config.tls.cert, config.tls.key);
  const { chain, key } = await issueLeaf(fallbackNames(config.domain, config.listenTls.host));
  const context = createSecureContext({ key, cert: chain, minVersion: "TLSv1.2" });
  return { cert: chain, key, SNICallback: new LeafContexts(issueLeaf, config, context, now).callback };
}

/** What a certificate names that is not for one deployment: the domain, and addresses of the listener. */
export function fallbackNames(domain: string, listenHost: string): string[] {
  return [domain, ...addressesOf(listenHost)];
}

function ownCertificate(certFile: string, keyFile: string): Presented {
  try {
    const [cert, key] = [readFileSync(certFile, "utf8"), readFileSync(keyFile, "utf8")];
    const context = createSecureContext({ cert, key, minVersion: "TLSv1.2" });
    return { cert, key, SNICallback: (_name, done) => done(null, context) };
  } catch (error) {
    const reason =
      `Cannot use the certificate "${certFile}" with the key "${keyFile}": ` + (error as Error).message;
    throw new TerrariumError("TER_CONFIG_INVALID", { reason }, { cause: error });
  }
}

function addressesOf(host: string): string[] {
  if (host === "0.0.0.0" || host === "::") return LOOPBACK;
  return isIP(host) === 0 ? [] : [host];
}
