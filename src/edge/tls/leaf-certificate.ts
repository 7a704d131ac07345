// A certificate as the supervisor hands it to an edge. The authority's key never leaves the supervisor.

/** A certificate for some names, with its own key. */
export interface LeafCertificate {
  /** PEM; the authority's certificate comes last. */
  readonly chain: string;
  /** PEM. */
  readonly key: string;
  /** Valid from then on. */
  readonly validFromMs: number;
  /** When to replace it. */
  readonly renewAtMs: number;
}

/** Whether clients accept it now; the machine's clock may have been set since it was signed. */
export function isCurrent(
  { validFromMs, renewAtMs }: Pick<LeafCertificate, "validFromMs" | "renewAtMs">,
  nowMs: number,
): boolean {
  return validFromMs <= nowMs && nowMs < renewAtMs;
}

/** Asks for a certificate. DNS names or IP addresses; the first is the subject. */
export type IssueLeaf = (names: readonly string[]) => Promise<LeafCertificate>;
