// Whether a dependency of a project is one of the set: supports as much of cargo's version requirements as
// people write by hand.
import type { OfferedCrate } from "./crate-sets.ts";

/**
 * True if the crate of the set meets the project's requirement, a caret one, and has all features that the
 * project asks for.
 */
export function isRequirementMet(wanted: unknown, offered: OfferedCrate | undefined): boolean {
  const want = read(wanted);
  if (
    want === null ||
    offered === undefined ||
    !want.features.every((feature) => offered.features.includes(feature))
  )
    return false;
  if (want.version === "*") return true;
  const [wantParts, offerParts] = [parts(want.version), parts(offered.version)];
  if (wantParts === null || offerParts === null) return false;
  // The first nonzero number decides compatibility (cargo's rule).
  const significant = wantParts[0] === 0 ? 2 : 1;
  return (
    wantParts.slice(0, significant).every((part, index) => part === offerParts[index]) &&
    isNotNewer(wantParts, offerParts)
  );
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
  const index = want.findIndex((part, position) => part !== (offer[position] ?? 0));
  return index === -1 || (want[index] ?? 0) < (offer[index] ?? 0);
}
