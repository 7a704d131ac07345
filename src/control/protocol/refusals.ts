// Names of deploys that were refused before anything was stored: clients of the protocol poll a status
// regardless.
import type { DeploymentId } from "../../store/types.ts";

/** Beyond this many, the oldest are forgotten: a flood of refusals must not cost memory. */
const MAX_REFUSALS = 1000;

/** Messages of refused deploys by name. */
export class Refusals {
  readonly #messages = new Map<DeploymentId, { readonly message: string; readonly expiresAtMs: number }>();

  add(id: DeploymentId, message: string, expiresAtMs: number): void {
    this.#messages.set(id, { message, expiresAtMs });
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > MAX_REFUSALS && oldest !== undefined) this.#messages.delete(oldest);
  }

  get(id: DeploymentId, nowMs: number): string | undefined {
    const refusal = this.#messages.get(id);
    return refusal !== undefined && refusal.expiresAtMs > nowMs ? refusal.message : undefined;
  }
}
