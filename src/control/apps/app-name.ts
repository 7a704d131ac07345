// What an app may be called: its name is the first label of its address.
import { TerrariumError } from "../../errors/index.ts";
import { isDeploymentId } from "../deployments/identity.ts";

const LABEL = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Names that visitors would take for the platform's own, and those that mail and browsers give a meaning. */
const RESERVED: ReadonlySet<string> = new Set([
  "abuse",
  "admin",
  "administrator",
  "api",
  "app",
  "apps",
  "autoconfig",
  "autodiscover",
  "ca",
  "dashboard",
  "dns",
  "docs",
  "ftp",
  "health",
  "help",
  "hostmaster",
  "imap",
  "internal",
  "isatap",
  "localhost",
  "login",
  "mail",
  "metrics",
  "mta-sts",
  "ns",
  "ns1",
  "ns2",
  "operator",
  "platform",
  "pop",
  "postmaster",
  "registry",
  "root",
  "security",
  "smtp",
  "ssl",
  "status",
  "studio",
  "support",
  "terrarium",
  "webmaster",
  "wpad",
  "www",
]);

/** Throws TER_APP_NAME unless an app may have this name. */
export function requireAppName(name: string): void {
  const reason = problemOf(name);
  if (reason !== null) throw new TerrariumError("TER_APP_NAME", { app: name.slice(0, 64), reason });
}

function problemOf(name: string): string | null {
  if (!LABEL.test(name))
    return "it is not 1 to 63 lower-case letters, digits and hyphens that start with a letter";
  if (name.startsWith("xn--")) return "names that start with xn-- stand for other scripts";
  if (isDeploymentId(name)) return "four words name a deployment";
  return RESERVED.has(name) ? "the platform reserves it" : null;
}
