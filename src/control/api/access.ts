// Who may call what. If only this machine can connect, every caller is the operator, except pages of other
// sites in a browser on this machine. Beyond loopback, managing needs a token. See
// docs/decisions/004-control-plane.md.
import type { Access } from "../../api/index.ts";
import type { Config } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { DeploymentStore, Digest } from "../../store/types.ts";
import { digestOf } from "../../store/digest.ts";
import { isDeploymentId, tokenMatches } from "../deployments/identity.ts";

/** Stands in when there is nothing to compare with, so that an unknown name takes as long as a known one. */
const NO_DIGEST = digestOf("") satisfies Digest;

export interface AccessOptions {
  readonly config: Config;
  readonly operatorToken: string;
  readonly deployments: Pick<DeploymentStore, "get">;
}

/**
 * Throws TER_CROSS_SITE for requests made by a page of another origin. Other clients do not send these
 * headers.
 */
export function refuseCrossSite(headers: Headers): void {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") throw new TerrariumError("TER_CROSS_SITE");
  const origin = headers.get("origin");
  if (origin !== null && (!URL.canParse(origin) || new URL(origin).host !== headers.get("host")))
    throw new TerrariumError("TER_CROSS_SITE");
}

/**
 * Throws TER_UNAUTHORIZED without a token, and TER_NOT_FOUND with a deployment's wrong token: the same as for
 * an unknown name.
 */
export async function authorize(
  options: AccessOptions,
  access: Access,
  id: string | undefined,
  headers: Headers,
): Promise<void> {
  const { config, operatorToken } = options;
  if (access === "open") return;
  if (access === "deploy" && config.deployToken === null) return;
  if (access !== "deploy" && !config.public) return;
  const token = bearer(headers);
  if (token === undefined) throw new TerrariumError("TER_UNAUTHORIZED", { which: WHICH[access] });
  if (tokenMatches(token, digestOf(operatorToken))) return;
  if (access === "deploy" && config.deployToken !== null && tokenMatches(token, digestOf(config.deployToken)))
    return;
  if (access !== "deployment" || id === undefined)
    throw new TerrariumError("TER_UNAUTHORIZED", { which: WHICH[access] });
  const record = isDeploymentId(id) ? await options.deployments.get(id) : undefined;
  if (!tokenMatches(token, record?.tokenDigest ?? NO_DIGEST) || record === undefined)
    throw new TerrariumError("TER_NOT_FOUND", { id });
}

const WHICH = {
  deploy: "the server's deploy token",
  operator: "the operator's, in operator-token of the data directory",
  deployment: "the deployment's own, or the operator's in operator-token of the data directory",
} as const satisfies Record<Exclude<Access, "open">, string>;

function bearer(headers: Headers): string | undefined {
  return /^Bearer +(\S{1,512})$/i.exec(headers.get("authorization") ?? "")?.[1];
}
