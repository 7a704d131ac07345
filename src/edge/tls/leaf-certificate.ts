// A certificate as the supervisor hands it to an edge. The authority's key never leaves the supervisor.

/** A certificate for some names, with its own key. */
export interface LeafCertificate {
  /** PEM; the authority's certificate comes last. */
  readonly chain: string;
  /** PEM. */
  readonly key: string;
  /** When to replace it. */
  readonly renewAtMs: number;
}

/** Asks for a certificate. DNS names or IP addresses; the first is the subject. */
export type IssueLeaf = (names: readonly string[]) => Promise<LeafCertificate>;
