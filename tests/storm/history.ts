// The history of one append-only value, and whether it could have happened on one machine that loses nothing:
// reads are prefixes of one order of appends, and what was acknowledged before a read began is in it.

/** An append or a read, with the times at which it began and was answered. */
export interface Operation {
  readonly kind: "append" | "read";
  /** The token that was appended. */
  readonly token?: string;
  /** What was read. */
  readonly value?: string;
  readonly beganMs: number;
  /** Null if no answer came: the append may have happened or not. */
  readonly answeredMs: number | null;
}

/** Something that cannot have happened on such a machine. */
export interface Violation {
  /** An acknowledged append is gone; anything else is wrong. */
  readonly kind: "lost" | "wrong";
  readonly text: string;
}

/** Appended behind every token. */
export const SEPARATOR = ";";

/** What is wrong with a history, given the value at its end; empty if it is linearizable. */
export function violationsOf(operations: readonly Operation[], finalValue: string): Violation[] {
  const final = tokensOf(finalValue);
  const position = new Map(final.map((token, index) => [token, index]));
  const appends = operations.filter(({ kind }) => kind === "append");
  const reads = operations.filter(({ kind, value }) => kind === "read" && value !== undefined);
  const known = new Set(appends.map(({ token }) => token));
  const lost = appends
    .filter(({ token, answeredMs }) => answeredMs !== null && !position.has(token ?? ""))
    .map(({ token }) => `"${token}" was acknowledged and is lost`);
  const wrong = [
    ...final
      .filter((token, index) => position.get(token) !== index)
      .map((token) => `"${token}" is there twice`),
    ...final.filter((token) => !known.has(token)).map((token) => `"${token}" was never appended`),
    ...reads
      .filter(({ value = "" }) => !finalValue.startsWith(value))
      .map(({ value }) => `A read is not a prefix of the end: "${value?.slice(-40)}"`),
    ...outOfOrder(appends, position),
    ...staleReads(appends, reads, position),
  ];
  return [
    ...lost.map((text): Violation => ({ kind: "lost", text })),
    ...wrong.map((text): Violation => ({ kind: "wrong", text })),
  ];
}

/** An append that began after another was acknowledged stands behind it. */
function outOfOrder(appends: readonly Operation[], position: ReadonlyMap<string, number>): string[] {
  const found: string[] = [];
  let last = { position: -1, token: "" };
  for (const event of eventsOf(appends)) {
    const { token = "" } = event.operation;
    const index = position.get(token) ?? Infinity;
    if (event.ends) last = index > last.position ? { position: index, token } : last;
    else if (index < last.position) found.push(`"${token}" began after "${last.token}" and stands before it`);
  }
  return found;
}

/**
 * A read holds every append that was acknowledged before it began, and no less than any read that ended
 * before.
 */
function staleReads(
  appends: readonly Operation[],
  reads: readonly Operation[],
  position: ReadonlyMap<string, number>,
): string[] {
  const found: string[] = [];
  let least = 0;
  const leastAtStart = new Map<Operation, number>();
  for (const { operation, ends } of eventsOf([...appends, ...reads])) {
    const count =
      operation.kind === "append"
        ? (position.get(operation.token ?? "") ?? -1) + 1
        : tokensOf(operation.value ?? "").length;
    if (!ends) leastAtStart.set(operation, least);
    else least = Math.max(least, count);
    if (ends && operation.kind === "read" && count < (leastAtStart.get(operation) ?? 0))
      found.push(`A read saw ${count} appends; ${leastAtStart.get(operation)} were there when it began`);
  }
  return found;
}

/** Begins and ends in order of time; at the same moment begins come first, which allows more. */
function eventsOf(operations: readonly Operation[]): { operation: Operation; ends: boolean; atMs: number }[] {
  const begins = operations.map((operation) => ({ operation, ends: false, atMs: operation.beganMs }));
  const ends = operations.flatMap((operation) =>
    operation.answeredMs === null ? [] : [{ operation, ends: true, atMs: operation.answeredMs }],
  );
  return [...begins, ...ends].sort((a, b) => a.atMs - b.atMs || Number(a.ends) - Number(b.ends));
}

function tokensOf(value: string): string[] {
  return value.split(SEPARATOR).slice(0, -1);
}
