// What an edge asks of its supervisor and waits for: certificates.
import { fromWire } from "../../errors/index.ts";
import type { LeafCertificate } from "../tls/leaf-certificate.ts";
import type { FromEdge, ToEdge } from "./messages.ts";

type CertificateReply = Extract<ToEdge, { kind: "certificate" }>;

/** Certificates under way, by token. */
export class CertificateRequests {
  readonly #send: (message: FromEdge) => Promise<void>;
  readonly #waiting = new Map<number, PromiseWithResolvers<LeafCertificate>>();
  #nextToken = 1;

  constructor(send: (message: FromEdge) => Promise<void>) {
    this.#send = send;
  }

  /** Rejects if the supervisor does not sign for these names, or is gone. */
  readonly issueLeaf = (names: readonly string[]): Promise<LeafCertificate> => {
    const token = this.#nextToken++;
    const waiting = Promise.withResolvers<LeafCertificate>();
    this.#waiting.set(token, waiting);
    void this.#send({ kind: "sign", token, names });
    return waiting.promise;
  };

  hear({ token, leaf }: CertificateReply): void {
    const waiting = this.#waiting.get(token);
    this.#waiting.delete(token);
    if ("chain" in leaf) waiting?.resolve(leaf);
    else waiting?.reject(fromWire(leaf));
  }

  /** The supervisor is gone: nobody answers any more. */
  abandon(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error("The supervisor is gone"));
    this.#waiting.clear();
  }
}
