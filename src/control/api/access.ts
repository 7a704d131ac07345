// Who may call what. If only this machine can connect, every caller is the operator, except pages of other
// sites in a browser on this machine. Beyond loopback, managing needs a token. See
// docs/decisions/004-control-plane.md.
import type { Access } from "../../api/index.ts";
import type { Config } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { AppRecord, AppStore, DeploymentStore, Digest } from "../../store/types.ts";
import { digestOf } from "../../store/digest.ts";
import { isDeploymentId, tokenMatches } from "../deployments/identity.ts";

/** Stands in when there is nothing to compare with, so that an unknown name takes as long as a known one. */
const NO_DIGEST = digestOf("") satisfies Digest;

export interface AccessOptions {
  readonly config: Config;
  readonly operatorToken: string;
  readonly deployments: Pick<DeploymentStore, "get">;
  readonly apps: Pick<AppStore, "get">;
}

/** What a request is about. */
export interface Subject {
  /** Name of a deployment, or of an app instead. */
  readonly id?: string | undefined;
  readonly app?: string | undefined;
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
 * Throws TER_UNAUTHORIZED without a token, and TER_NOT_FOUND or TER_APP_NOT_FOUND with a wrong one: the same
 * as for an unknown name.
 */
export async function authorize(
  options: AccessOptions,
  access: Access,
  subject: Subject,
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
  if (holdsOne(token, await tokensOf(options, access, subject))) return;
  throw refusalOf(access, subject);
}

/**
 * Whether the sender of a request may deploy to an app that exists, whoever may deploy otherwise: anybody
 * where everybody is the operator, the operator, and the holder of the app's token.
 */
export function mayChangeApp(
  { config, operatorToken }: Pick<AccessOptions, "config" | "operatorToken">,
  headers: Headers,
  app: Pick<AppRecord, "tokenDigest">,
): boolean {
  if (!config.public) return true;
  const token = bearer(headers) ?? "";
  const isOperator = tokenMatches(token, digestOf(operatorToken));
  return tokenMatches(token, app.tokenDigest) || isOperator;
}

/** Digests of the tokens that open a subject: a version's own, and its app's. */
async function tokensOf(
  { deployments, apps }: AccessOptions,
  access: Access,
  { id = "", app }: Subject,
): Promise<(Digest | undefined)[]> {
  if (access === "operator") return [];
  if (access !== "deployment") return [app === undefined ? undefined : (await apps.get(app))?.tokenDigest];
  const record = isDeploymentId(id) ? await deployments.get(id) : undefined;
  const name = record === undefined ? id : record.app;
  return [record?.tokenDigest, name === null ? undefined : (await apps.get(name))?.tokenDigest];
}

/** Compares with each, so that the time tells nothing. */
function holdsOne(token: string, digests: readonly (Digest | undefined)[]): boolean {
  return (
    digests.filter((digest) => tokenMatches(token, digest ?? NO_DIGEST) && digest !== undefined).length > 0
  );
}

function refusalOf(access: Exclude<Access, "open">, { id = "", app = "" }: Subject): TerrariumError {
  if (access === "deployment") return new TerrariumError("TER_NOT_FOUND", { id });
  if (access === "app") return new TerrariumError("TER_APP_NOT_FOUND", { app });
  return new TerrariumError("TER_UNAUTHORIZED", { which: WHICH[access] });
}

const WHICH = {
  deploy: "the server's deploy token",
  operator: "the operator's, in operator-token of the data directory",
  app: "the app's own, or the operator's in operator-token of the data directory",
  deployment: "the deployment's own, or the operator's in operator-token of the data directory",
} as const satisfies Record<Exclude<Access, "open">, string>;

function bearer(headers: Headers): string | undefined {
  return /^Bearer +(\S{1,512})$/i.exec(headers.get("authorization") ?? "")?.[1];
}
