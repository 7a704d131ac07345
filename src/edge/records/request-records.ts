// The last requests of deployments that somebody inspects. A deployment is recorded for a number of requests
// after it was asked for. While none is recorded, this costs no more than reading a number.
import type { DeploymentId } from "../../store/types.ts";
import type { RequestRecord } from "./request-record.ts";

/** Requests kept per deployment. */
const MAX_RECORDS = 50;
/** Deployments recorded at once; the one asked for longest ago is dropped first. */
const MAX_DEPLOYMENTS = 100;

interface Recorded {
  left: number;
  readonly records: RequestRecord[];
}

export class RequestRecords {
  readonly #deployments = new Map<DeploymentId, Recorded>();
  #armed = 0;

  /** True if some deployment is being recorded. */
  get active(): boolean {
    return this.#armed > 0;
  }

  /** Records at least this many more requests of a deployment. */
  arm(id: DeploymentId, requests: number): void {
    const recorded = this.#deployments.get(id) ?? { left: 0, records: [] };
    recorded.left = Math.max(recorded.left, requests);
    // Set again, so that the order is that of asking.
    this.#deployments.delete(id);
    this.#deployments.set(id, recorded);
    const [oldest] = this.#deployments.keys();
    if (this.#deployments.size > MAX_DEPLOYMENTS && oldest !== undefined) this.#deployments.delete(oldest);
    this.#count();
  }

  /** True if the deployment's next request is to be recorded; counts it. */
  take(id: DeploymentId): boolean {
    const recorded = this.#deployments.get(id);
    if (recorded === undefined || recorded.left === 0) return false;
    recorded.left--;
    if (recorded.left === 0) this.#count();
    return true;
  }

  add(id: DeploymentId, record: RequestRecord): void {
    const records = this.#deployments.get(id)?.records;
    if (records === undefined) return;
    records.push(record);
    if (records.length > MAX_RECORDS) records.shift();
  }

  /** The records of a deployment, oldest first. */
  of(id: DeploymentId): readonly RequestRecord[] {
    return this.#deployments.get(id)?.records ?? [];
  }

  forget(id: DeploymentId): void {
    this.#deployments.delete(id);
    this.#count();
  }

  #count(): void {
    this.#armed = this.#deployments.values().reduce((count, { left }) => count + (left > 0 ? 1 : 0), 0);
  }
}
