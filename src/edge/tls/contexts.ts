// Which certificate a handshake gets. Whatever a client sends as SNI, this never throws.
import { createSecureContext, type SecureContext } from "node:tls";
import type { Config } from "../../config/index.ts";
import { deploymentLabel } from "../request/authority.ts";
import { isCurrent, type IssueLeaf } from "./leaf-certificate.ts";

/** Certificates kept at once; the oldest is dropped. */
const MAX_NAMES = 2000;

/** What `tls.createServer` calls. */
export type SniCallback = (
  servername: string,
  done: (error: Error | null, context?: SecureContext) => void,
) => void;

/** A certificate, ready for handshakes. */
interface Leaf {
  readonly context: SecureContext;
  readonly validFromMs: number;
  readonly renewAtMs: number;
}

/** Certificates by name, requested when first asked for. */
export class LeafContexts {
  readonly #issueLeaf: IssueLeaf;
  readonly #domain: string;
  readonly #apiHosts: readonly string[];
  readonly #fallback: SecureContext;
  readonly #now: () => number;
  readonly #leaves = new Map<string, Promise<Leaf> | Leaf>();

  /** `fallback`: for clients without SNI, and for foreign names. */
  constructor(
    issueLeaf: IssueLeaf,
    { domain, apiHosts }: Pick<Config, "domain" | "apiHosts">,
    fallback: SecureContext,
    now: () => number,
  ) {
    this.#issueLeaf = issueLeaf;
    this.#domain = domain;
    this.#apiHosts = apiHosts;
    this.#fallback = fallback;
    this.#now = now;
  }

  get size(): number {
    return this.#leaves.size;
  }

  readonly callback: SniCallback = (servername, done) => void this.#answer(servername, done);

  async #answer(servername: string, done: Parameters<SniCallback>[1]): Promise<void> {
    let context = this.#fallback;
    try {
      context = await this.contextFor(servername);
    } catch {
      // A certificate for the wrong name is more informative than a broken handshake.
    }
    done(null, context);
  }

  /** The context for a name, as the client spelled it. */
  async contextFor(servername: string): Promise<SecureContext> {
    const name = String(servername).toLowerCase();
    if (!this.#isOwn(name)) return this.#fallback;
    const known = this.#leaves.get(name);
    if (known !== undefined) {
      const leaf = await known;
      if (isCurrent(leaf, this.#now())) return leaf.context;
    }
    return (await this.#issue(name)).context;
  }

  #isOwn(name: string): boolean {
    return (
      name === this.#domain || this.#apiHosts.includes(name) || deploymentLabel(name, this.#domain) !== null
    );
  }

  #issue(name: string): Promise<Leaf> {
    const issued = this.#make(name);
    this.#leaves.delete(name);
    this.#leaves.set(name, issued);
    if (this.#leaves.size > MAX_NAMES) this.#dropOldest();
    issued.catch(() => this.#leaves.delete(name));
    return issued;
  }

  async #make(name: string): Promise<Leaf> {
    const { chain, key, validFromMs, renewAtMs } = await this.#issueLeaf([name]);
    return {
      context: createSecureContext({ key, cert: chain, minVersion: "TLSv1.2" }),
      validFromMs,
      renewAtMs,
    };
  }

  #dropOldest(): void {
    for (const name of this.#leaves.keys()) {
      this.#leaves.delete(name);
      return;
    }
  }
}
