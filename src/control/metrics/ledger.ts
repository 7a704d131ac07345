// Sums the metrics of all edges. Counters of edges that have ended stay in the sum, so that it never falls:
// to Prometheus, a counter that falls has been reset.
import { FAMILIES, type Family, type Series } from "../../edge/accounts/series.ts";

const HISTOGRAM_PART = /_(?:bucket|sum|count)$/;

/** Metrics of edges, by name. */
export interface EdgeFigures {
  /** Absent where an edge was too busy to answer. */
  readonly living: ReadonlyMap<string, Series>;
  readonly ended: readonly (readonly [name: string, last: Series])[];
}

export class MetricsLedger {
  /** Last metrics of each edge. */
  readonly #edges = new Map<string, Series>();
  /** Counters of the edges that have ended. */
  readonly #ended = new Map<string, number>();

  /** The current sums. */
  sum({ living, ended }: EdgeFigures): ReadonlyMap<string, number> {
    for (const [name, series] of living) if (Object.keys(series).length > 0) this.#edges.set(name, series);
    for (const [name, series] of ended) this.#edges.set(name, series);
    for (const [name, series] of this.#edges) if (!living.has(name)) this.#fold(name, series);
    const sums = new Map(this.#ended);
    for (const series of this.#edges.values()) add(sums, Object.entries(series));
    return sums;
  }

  #fold(name: string, series: Series): void {
    this.#edges.delete(name);
    add(
      this.#ended,
      Object.entries(series).filter(([key]) => familyOf(key)?.[1].type !== "gauge"),
    );
  }
}

function add(sums: Map<string, number>, series: readonly (readonly [string, number])[]): void {
  for (const [key, value] of series) sums.set(key, (sums.get(key) ?? 0) + value);
}

function familyOf(key: string): readonly [string, Family] | undefined {
  const [name = ""] = key.split("{");
  const families: Readonly<Record<string, Family>> = FAMILIES;
  const found = [name, name.replace(HISTOGRAM_PART, "")].find((candidate) =>
    Object.hasOwn(families, candidate),
  );
  const family = found === undefined ? undefined : families[found];
  return found === undefined || family === undefined ? undefined : [found, family];
}

/** Text format of Prometheus, version 0.0.4. */
export function prometheusText(sums: ReadonlyMap<string, number>): string {
  const lines = new Map<string, string[]>();
  for (const [key, value] of sums) {
    const [name, family] = familyOf(key) ?? [];
    if (name === undefined || family === undefined) continue;
    const known = lines.get(name) ?? [`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.type}`];
    known.push(`${key} ${value}`);
    lines.set(name, known);
  }
  return `${[...lines.values()].flat().join("\n")}\n`;
}
