// Addresses of a deployment and of the platform itself.
import type { Config } from "../../config/index.ts";

/** Ports that are really in use (a configured 0 has been replaced). */
export interface PublicPorts {
  readonly httpPort: number;
  readonly httpsPort: number | null;
}

/** A deployment's URLs, each with a slash at the end. `url` is the one to show. */
export interface DeploymentUrls {
  readonly url: string;
  readonly http: string;
  readonly https: string | null;
}

/** URLs of a host below the platform's domain, or of the domain itself for an empty label. */
export function urlsOf(config: Config, ports: PublicPorts, label: string): DeploymentUrls {
  const host = label === "" ? config.domain : `${label}.${config.domain}`;
  if (config.publicUrl !== null) return publicUrls(config.publicUrl, label === "" ? null : host);
  const http = `http://${host}${ports.httpPort === 80 ? "" : `:${ports.httpPort}`}/`;
  const https =
    ports.httpsPort === null
      ? null
      : `https://${host}${ports.httpsPort === 443 ? "" : `:${ports.httpsPort}`}/`;
  // Browsers warn about certificates of the local authority, and not about the operator's own.
  return { url: config.tls.kind === "files" && https !== null ? https : http, http, https };
}

/** `host`: null for the platform's own address. */
function publicUrls(origin: string, host: string | null): DeploymentUrls {
  const seen = new URL(origin);
  // The name below the domain, at the public port.
  if (host !== null) seen.hostname = host;
  const isSecure = seen.protocol === "https:";
  // Proxies listen on the port of plain HTTP as well, to send visitors on.
  return {
    url: seen.href,
    http: isSecure ? `http://${seen.hostname}/` : seen.href,
    https: isSecure ? seen.href : null,
  };
}

/** Where to connect for a listener's address. */
export function dialAddress(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
