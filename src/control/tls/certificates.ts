// Certificates for edges. Only the supervisor has the authority's key: an edge names what it wants to serve
// and gets a certificate for that, if it may have one.
import { isIP } from "node:net";
import type { Config } from "../../config/index.ts";
import { deploymentLabel } from "../../edge/request/authority.ts";
import { isCurrent, type IssueLeaf, type LeafCertificate } from "../../edge/tls/leaf-certificate.ts";
import { fallbackNames } from "../../edge/tls/secure-options.ts";
import { TerrariumError } from "../../errors/index.ts";
import { type Authority, ensureAuthority } from "./authority.ts";
import { createLeafIssuer } from "./leaf-issuer.ts";
import { covers } from "./name-constraints.ts";

/** Certificates kept at once; the oldest is dropped. */
const MAX_CERTIFICATES = 2000;

/** The authority of a configuration. */
export function authorityOf({ dataDir, domain, listenTls }: Config): Promise<Authority> {
  const [, ...addresses] = fallbackNames(domain, listenTls?.host ?? "");
  return ensureAuthority(dataDir, domain.toLowerCase(), ["127.0.0.1", "::1", ...addresses]);
}

/**
 * Signs for the domain, one label below it and the listener's own addresses; rejects for any other name.
 * Edges that ask for the same names get the same certificate until it is to be renewed.
 */
export function createCertificates(config: Config, now: () => number = Date.now): IssueLeaf {
  const domain = config.domain.toLowerCase();
  const own = new Set(fallbackNames(domain, config.listenTls?.host ?? ""));
  const known = new Map<string, Promise<LeafCertificate>>();
  let signer: Promise<{ readonly authority: Authority; readonly issue: IssueLeaf }> | null = null;

  async function createSigner() {
    const authority = await authorityOf(config);
    return { authority, issue: await createLeafIssuer(authority, now) };
  }

  async function sign(names: readonly string[]): Promise<LeafCertificate> {
    const { authority, issue } = await (signer ??= createSigner());
    return await issue(names.filter((name) => isIP(name) === 0 || covers(authority.certificate, name)));
  }

  return async (names) => {
    for (const name of names)
      if (!own.has(name) && deploymentLabel(name, domain) === null)
        throw new TerrariumError("TER_INTERNAL", { reason: `an edge asked for a certificate for "${name}"` });
    const key = names.join(" ");
    const before = await known.get(key)?.catch(() => undefined);
    if (before !== undefined && isCurrent(before, now())) return before;
    const signed = sign(names);
    known.delete(key);
    known.set(key, signed);
    const [oldest] = known.keys();
    if (known.size > MAX_CERTIFICATES && oldest !== undefined) known.delete(oldest);
    return await signed;
  };
}
