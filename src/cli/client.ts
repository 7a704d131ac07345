// What commands that call a server share: their options, and a client with the right token.
import type { Command } from "commander";
import { ApiClient } from "./api-client.ts";
import type { CommandContext } from "./command.ts";
import { serverAddress, type ServerOptions } from "./server-address.ts";
import { recallToken } from "./tokens.ts";

/** Adds `--server` and `--token`. */
export function withServerOptions(command: Command): Command {
  return command
    .option("-s, --server <url>", "server to use (TERRARIUM_SERVER; default: http://localhost:8080)")
    .option("--token <token>", "token of the deployment, the app or the operator (TERRARIUM_TOKEN)")
    .option("--cacert <file>", "certificate authority to trust, such as the server's /ca.pem (TERRARIUM_CA)");
}

/** A client for the server as a whole. */
export function clientFor(context: CommandContext, options: ServerOptions): ApiClient {
  return new ApiClient(serverAddress(options, context.environment, context.cwd));
}

/** A client for one deployment or app, with the token stored when it was deployed. */
export function clientForDeployment(
  context: CommandContext,
  options: ServerOptions,
  name: string,
): ApiClient {
  const address = serverAddress(options, context.environment, context.cwd);
  return new ApiClient({
    ...address,
    token: address.token ?? recallToken(context.environment, address.base, name),
  });
}

/** The API path of a deployment; accepts its URL as well as its name. */
export function deploymentPath(idOrUrl: string): { readonly id: string; readonly path: string } {
  const id = firstLabel(idOrUrl);
  return { id, path: `/api/v1/deployments/${encodeURIComponent(id)}` };
}

/** The API path of an app; accepts its URL as well as its name. */
export function appPath(nameOrUrl: string): { readonly name: string; readonly path: string } {
  const name = firstLabel(nameOrUrl);
  return { name, path: `/api/v1/apps/${encodeURIComponent(name)}` };
}

function firstLabel(nameOrUrl: string): string {
  const host = URL.canParse(nameOrUrl) ? new URL(nameOrUrl).hostname : nameOrUrl;
  return host.split(".")[0] ?? host;
}
