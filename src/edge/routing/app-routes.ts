// Which version answers at each app's address: told by the supervisor at a switch, and read from the store
// now and then in case an announcement was lost.
import type { AppRecord, AppStore, Awaitable, DeploymentId } from "../../store/types.ts";

/** A route older than this is read again before it serves. The supervisor relies on it: see `EdgePool`. */
export const ROUTE_RECHECK_MS = 500;

interface Route {
  /** Null: no version has been live yet, or the app is gone. */
  readonly id: DeploymentId | null;
  /** A lower one is older. */
  readonly switchNumber: number;
  readonly checkedAtMs: number;
}

export class AppRoutes {
  readonly #store: Pick<AppStore, "get">;
  readonly #now: () => number;
  /** Only apps that exist, so that nobody can fill it with names. */
  readonly #byName = new Map<string, Route>();

  constructor(store: Pick<AppStore, "get">, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** The current version of an app; undefined if there is no such app, or none of its versions is live. */
  find(name: string): Awaitable<DeploymentId | undefined> {
    const known = this.#byName.get(name);
    return known !== undefined && this.#isRecent(known) ? (known.id ?? undefined) : this.#read(name);
  }

  /** Whether this is known to be the current version of the app. */
  leadsTo(name: string, id: DeploymentId): boolean {
    const known = this.#byName.get(name);
    return known !== undefined && known.id === id && this.#isRecent(known);
  }

  /** A switch was announced. Announcements and reads may come in any order. */
  switched(name: string, id: DeploymentId | null, switchNumber: number): void {
    this.#note(name, { id, switchNumber, checkedAtMs: this.#now() });
  }

  async #read(name: string): Promise<DeploymentId | undefined> {
    const checkedAtMs = this.#now();
    const known = this.#byName.get(name);
    let app: AppRecord | undefined;
    try {
      app = await this.#store.get(name);
    } catch (error) {
      // The known version keeps serving while the store cannot be read.
      if (known === undefined) throw error;
      return this.#note(name, { ...known, checkedAtMs }).id ?? undefined;
    }
    if (app === undefined) {
      this.#byName.delete(name);
      return undefined;
    }
    return (
      this.#note(name, { id: app.currentId, switchNumber: app.switchNumber, checkedAtMs }).id ?? undefined
    );
  }

  /** Keeps the newer one. */
  #note(name: string, route: Route): Route {
    const known = this.#byName.get(name);
    if (known !== undefined && known.switchNumber > route.switchNumber) return known;
    this.#byName.set(name, route);
    return route;
  }

  #isRecent({ checkedAtMs }: Route): boolean {
    return this.#now() - checkedAtMs <= ROUTE_RECHECK_MS;
  }
}
