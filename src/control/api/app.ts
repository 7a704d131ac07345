// The control API as one application: security headers and checks around every route. It is reached only
// through the edges, for the bare domain, over a Unix socket that nobody else can open.
import { Hono, type Context } from "hono";
import { CONTROL_HEADERS } from "../../edge/peers/passed.ts";
import { TerrariumError } from "../../errors/index.ts";
import { authorize, refuseCrossSite } from "./access.ts";
import { mountInternal } from "./internal.ts";
import { openApiDocument } from "./openapi.ts";
import { type Access, type Env, mount, type Operation } from "./operation.ts";
import { mountPages } from "./pages.ts";
import type { Platform } from "./platform.ts";
import { problemResponse } from "./problem.ts";
import { aboutOperations } from "./routes/about.ts";
import { deployOperations } from "./routes/deploy.ts";
import { deploymentOperations } from "./routes/deployments.ts";
import { keyValueOperations } from "./routes/key-value.ts";
import { logOperations } from "./routes/logs.ts";
import { moduleOperations } from "./routes/module.ts";
import { requestOperations } from "./routes/requests.ts";
import { metricsOperation } from "./routes/metrics.ts";
import { mountProtocol } from "./routes/protocol.ts";

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};
const API_PATHS = ["/api/*", "/metrics", "/deploy", "/status/*"];

/** All operations of the REST API, in the document's order. */
function allOperations(platform: Platform): Operation[] {
  return [
    ...deployOperations(platform),
    ...deploymentOperations(platform),
    ...logOperations(platform),
    ...keyValueOperations(platform),
    ...requestOperations(platform),
    ...moduleOperations(platform),
    ...aboutOperations(platform),
    metricsOperation(platform),
  ];
}

/** The application. */
export function createApp(platform: Platform): Hono<Env> {
  const app = new Hono<Env>();
  const guard = (context: Context<Env>, access: Access) => {
    const options = {
      config: platform.config,
      operatorToken: platform.operatorToken,
      deployments: platform.store.deployments,
    };
    return authorize(options, access, context.req.param("id"), context.req.raw.headers);
  };
  app.use("*", async (context, next) => {
    context.set("clientAddress", context.req.header(CONTROL_HEADERS.client) ?? "0.0.0.0");
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
    context.header("content-security-policy", contentSecurityPolicy(platform));
  });
  for (const path of API_PATHS) {
    app.use(path, async (context, next) => {
      refuseCrossSite(context.req.raw.headers);
      await next();
    });
  }
  mountInternal(app, platform);
  const operations = allOperations(platform);
  for (const operation of operations) mount(app, operation, guard);
  const document = JSON.stringify(openApiDocument(operations, platform.version));
  app.get(
    "/api/v1/openapi.json",
    () => new Response(document, { headers: { "content-type": "application/json" } }),
  );
  mountProtocol(app, platform, guard);
  app.all("/api/*", (context) => {
    throw unknownRoute(operations, context.req.path, context.req.method);
  });
  mountPages(app, platform);
  app.notFound((context) =>
    problemResponse(
      new TerrariumError("TER_METHOD_NOT_ALLOWED", { path: context.req.path, method: context.req.method }),
    ),
  );
  app.onError((error) => {
    if (!(error instanceof TerrariumError))
      platform.log.error({ err: error }, "API request failed in an unexpected way");
    return problemResponse(error);
  });
  return app;
}

/** The studio embeds previews of deployments; nothing embeds the studio. */
function contentSecurityPolicy({ config }: Platform): string {
  const deployments = `http://*.${config.domain}:* https://*.${config.domain}:*`;
  return [
    "default-src 'self'",
    `connect-src 'self' ${deployments}`,
    `frame-src ${deployments}`,
    "img-src 'self' data: blob:",
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function unknownRoute(operations: readonly Operation[], path: string, method: string): TerrariumError {
  const known = operations.some((operation) =>
    new RegExp(`^${operation.path.replace(/\{\w+\+\}/g, ".+").replace(/\{\w+\}/g, "[^/]+")}$`).test(path),
  );
  return known
    ? new TerrariumError("TER_METHOD_NOT_ALLOWED", { path, method })
    : new TerrariumError("TER_NO_SUCH_PAGE", { path });
}
