// Parses `Host` and `:authority`, and decides what a name refers to.

/** One DNS label in lower case. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const AUTHORITY = /^([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{0,5})?$/i;

/** What a request is for. */
export type Destination =
  | { readonly kind: "deployment"; readonly label: string }
  /** The bare domain: control API and studio. */
  | { readonly kind: "control" }
  | { readonly kind: "foreign"; readonly host: string }
  | { readonly kind: "malformed" };

/** Whether this is a valid `Host` or `:authority`. */
export function isAuthority(authority: string): boolean {
  return AUTHORITY.test(authority);
}

/** The host of an authority in lower case, without port and final dot; null if it is not an authority. */
export function hostOf(authority: string): string | null {
  const parts = AUTHORITY.exec(authority);
  if (parts === null) return null;
  const host = (parts[1] ?? "").toLowerCase();
  return host.length > 1 && host.endsWith(".") ? host.slice(0, -1) : host;
}

/** The label of a deployment's name below the domain, both in lower case; null if it is not one. */
export function deploymentLabel(host: string, domain: string): string | null {
  if (!host.endsWith(domain)) return null;
  const end = host.length - domain.length - 1;
  if (end < 1 || host[end] !== ".") return null;
  const label = host.slice(0, end);
  return LABEL.test(label) ? label : null;
}

/** Names of this machine: no name server, and so no other site, can make a browser send one of them. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether the API answers at a host that is not the domain: at names of this machine, and at those configured. */
export function isApiHost(host: string, apiHosts: readonly string[]): boolean {
  return LOOPBACK.test(host) || apiHosts.includes(host);
}

/** What an authority refers to; `domain` is in lower case. */
export function destinationOf(authority: string, domain: string): Destination {
  const host = hostOf(authority);
  if (host === null) return { kind: "malformed" };
  if (host === domain) return { kind: "control" };
  const label = deploymentLabel(host, domain);
  return label === null ? { kind: "foreign", host } : { kind: "deployment", label };
}
