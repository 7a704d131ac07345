// Whether a dependency of a project is one of the set: as much of cargo's version requirements as people write by hand.

/**
 * True if a release that meets the set's requirement surely meets the project's: both are caret requirements of the same
 * compatible line, the project's not newer, and the project asks for no features beyond the set's.
 */
export function isRequirementMet(wanted: unknown, offered: unknown): boolean {
  if (offered === undefined) return false;
  const [want, offer] = [read(wanted), read(offered)];
  if (want === null || offer === null || !want.features.every((feature) => offer.features.includes(feature))) return false;
  if (want.version === "*") return true;
  const [wantParts, offerParts] = [parts(want.version), parts(offer.version)];
  if (wantParts === null || offerParts === null) return false;
  const significant = wantParts[0] === 0 ? 2 : 1;
  return wantParts.length <= offerParts.length && wantParts.every((part, index) => part === offerParts[index] || index >= significant) && isNotNewer(wantParts, offerParts);
}

interface Requirement {
  readonly version: string;
  readonly features: readonly string[];
}

function read(value: unknown): Requirement | null {
  if (typeof value === "string") return { version: value, features: [] };
  if (typeof value !== "object" || value === null) return null;
  const { version, features = [], ...rest } = value as { version?: unknown; features?: unknown };
  if (typeof version !== "string" || !Array.isArray(features) || Object.keys(rest).length > 0) return null;
  return { version, features: features as string[] };
}

/** Numbers of `1`, `^1.2`, `0.4.3`; null for other forms. */
function parts(version: string): number[] | null {
  const match = /^\^?\s*(\d+(?:\.\d+){0,2})$/.exec(version.trim());
  return match?.[1]?.split(".").map(Number) ?? null;
}

function isNotNewer(want: readonly number[], offer: readonly number[]): boolean {
  const index = want.findIndex((part, place) => part !== (offer[place] ?? 0));
  return index === -1 || (want[index] ?? 0) < (offer[index] ?? 0);
}
