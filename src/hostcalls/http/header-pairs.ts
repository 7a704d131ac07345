// Headers in the order of the wire, and in pairs.

/** Pairs of names and values that alternate in a flat list, in order. */
export function headerPairs(flat: readonly string[]): [name: string, value: string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [
    flat[2 * index] ?? "",
    flat[2 * index + 1] ?? "",
  ]);
}
