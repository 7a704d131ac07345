// What one source address may deploy per hour, keep alive, and build at once.
import type { SourceQuotas } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { DeploymentRecord } from "../../store/types.ts";

const HOUR_MS = 3_600_000;

/** Counts deploys by source: running ones, and over a sliding hour. */
export class SourceLedger {
  readonly #quotas: SourceQuotas | null;
  readonly #now: () => number;
  readonly #deploys = new Map<string, number[]>();
  readonly #building = new Map<string, number>();

  constructor(quotas: SourceQuotas | null, now: () => number) {
    this.#quotas = quotas;
    this.#now = now;
  }

  /**
   * Counts a deploy, or throws TER_TOO_MANY. `records` are those that exist now. Call `finish` at its end.
   */
  admit(source: string, records: readonly DeploymentRecord[]): void {
    const building = this.#building.get(source) ?? 0;
    if (this.#quotas !== null) this.#check(this.#quotas, source, building, records);
    this.#building.set(source, building + 1);
  }

  /** Ends a deploy that was admitted. */
  finish(source: string): void {
    const left = (this.#building.get(source) ?? 1) - 1;
    if (left > 0) this.#building.set(source, left);
    else this.#building.delete(source);
  }

  #check(quotas: SourceQuotas, source: string, building: number, records: readonly DeploymentRecord[]): void {
    if (building >= quotas.buildsAtOnce) throw tooMany("builds of your address at once", quotas.buildsAtOnce);
    const recent = this.#recent(source);
    if (recent.length >= quotas.deploysPerHour)
      throw tooMany("deploys from your address in an hour", quotas.deploysPerHour);
    // Versions of apps are bounded by the apps.
    const alive = records.filter(
      (record) => record.source === source && record.phase !== "failed" && record.app === null,
    ).length;
    if (alive >= quotas.liveDeployments)
      throw tooMany("live deployments of your address", quotas.liveDeployments);
    this.#deploys.set(source, [...recent, this.#now()]);
  }

  #recent(source: string): number[] {
    const since = this.#now() - HOUR_MS;
    for (const [known, times] of this.#deploys) if ((times.at(-1) ?? 0) <= since) this.#deploys.delete(known);
    return (this.#deploys.get(source) ?? []).filter((atMs) => atMs > since);
  }
}

function tooMany(what: string, allowed: number): TerrariumError {
  return new TerrariumError("TER_TOO_MANY", { what, allowed });
}
