// What one source address may do in an hour and have alive at once.
import type { SourceQuotas } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { DeploymentRecord } from "../../store/types.ts";

const HOUR_MS = 3_600_000;

/** Counts deploys by source over a sliding hour. */
export class SourceLedger {
  readonly #quotas: SourceQuotas | null;
  readonly #now: () => number;
  readonly #deploys = new Map<string, number[]>();

  constructor(quotas: SourceQuotas | null, now: () => number) {
    this.#quotas = quotas;
    this.#now = now;
  }

  /** Counts a deploy, or throws TER_TOO_MANY. `live` are the records that exist now. */
  admit(source: string, live: readonly DeploymentRecord[]): void {
    if (this.#quotas === null) return;
    const { liveDeployments, deploysPerHour } = this.#quotas;
    const recent = this.#recent(source);
    if (recent.length >= deploysPerHour) throw tooMany("deploys from your address in an hour", deploysPerHour);
    const alive = live.filter((record) => record.source === source && record.phase !== "failed").length;
    if (alive >= liveDeployments) throw tooMany("live deployments of your address", liveDeployments);
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
