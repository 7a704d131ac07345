// Durations as people write them: `90s`, `5m`, `2h`, `7d`, `never`.

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A hundred years: nobody means a later date. */
const MAX_DURATION_MS = 100 * 365 * 86_400_000;

/** Milliseconds of `5m`, `1.5h`, `2h30m`; null for `never`; undefined if it is neither. */
export function parseDuration(text: string): number | null | undefined {
  const clean = text.trim().toLowerCase();
  if (clean === "never") return null;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(clean)) return undefined;
  const parts = [...clean.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  const total = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ""] ?? Number.NaN),
    0,
  );
  return total > 0 && total <= MAX_DURATION_MS ? Math.round(total) : undefined;
}

/** `5m`, `2h 30m`, `45s`, `never`: what `parseDuration` reads, in at most two parts. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return "never";
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  const parts: string[] = [];
  let rest = Math.round(ms / 1000) * 1000;
  for (const unit of ["d", "h", "m", "s"]) {
    const size = UNIT_MS[unit] ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.slice(0, 2).join("");
}
