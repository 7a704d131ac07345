// One deployment as an edge holds it: immutable but for its end.
import type { ArtifactManifest, AssetEntry, DeploymentId, DeploymentRecord } from "../../store/types.ts";
import { assetsByPath } from "../assets/find.ts";
import { DeploymentAccount } from "../accounts/run-accounts.ts";
import type { Responder } from "../program/types.ts";

export class Deployment {
  readonly id: DeploymentId;
  readonly manifest: ArtifactManifest;
  /** By URL path; a Map, because the guest chooses the names. */
  readonly assets: ReadonlyMap<string, AssetEntry>;
  readonly createdAtMs: number;
  /** Null: never. */
  expiresAtMs: number | null;
  /** When the record was read last. */
  checkedAtMs: number;
  /** Set by each request, cleared in each round of eviction. */
  used = true;
  gone = false;
  /** Spellings of its name that are remembered. */
  readonly authorities: string[] = [];
  readonly account = new DeploymentAccount();
  readonly #load: () => Promise<Responder>;
  #responder: Responder | undefined;
  #loading: Promise<Responder> | undefined;
  #requests = 0;

  constructor(
    id: DeploymentId,
    manifest: ArtifactManifest,
    { createdAtMs, expiresAtMs }: Pick<DeploymentRecord, "createdAtMs" | "expiresAtMs">,
    nowMs: number,
    load: () => Promise<Responder>,
  ) {
    this.id = id;
    this.manifest = manifest;
    this.assets = assetsByPath(manifest.assets);
    this.createdAtMs = createdAtMs;
    this.expiresAtMs = expiresAtMs;
    this.checkedAtMs = nowMs;
    this.#load = load;
  }

  /** The program, loaded on first use; after a failure the next request tries again. */
  responder(): Responder | Promise<Responder> {
    if (this.#responder !== undefined) return this.#responder;
    this.#loading ??= this.#begin();
    return this.#loading;
  }

  /** Requests that use it. */
  get inFlight(): number {
    return this.#requests;
  }

  /** A request begins to use it; `leave` ends that. */
  enter(): void {
    this.#requests++;
  }

  leave(): void {
    this.#requests--;
    if (this.gone) this.#free();
  }

  /** Forgets the program as soon as the last request has left. */
  dispose(): void {
    this.gone = true;
    this.#free();
  }

  #free(): void {
    if (this.#requests > 0) return;
    this.#responder?.dispose();
    this.#responder = undefined;
  }

  async #begin(): Promise<Responder> {
    try {
      this.#responder = await this.#load();
      return this.#responder;
    } finally {
      this.#loading = undefined;
    }
  }
}
