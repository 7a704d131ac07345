// The control API as one application: security headers and checks around every route. It is reached only
// through the edges, for the bare domain, over a Unix socket that nobody else can open.
import { Hono, type Context } from "hono";
import { type Access, DEPLOY, DESCRIBE_API, openApiDocument } from "../../api/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { authorize, refuseCrossSite } from "./access.ts";
import { mountInternal } from "./internal.ts";
import { type Env, type Guard, implement, mount, type Operation } from "./operation.ts";
import { mountPages } from "./pages.ts";
import type { Platform } from "./platform.ts";
import { problemResponse } from "./problem.ts";
import { appOperations } from "./routes/apps.ts";
import { deployOperations } from "./routes/deploy.ts";
import { deploymentOperations } from "./routes/deployments.ts";
import { keyValueOperations } from "./routes/key-value.ts";
import { logOperations } from "./routes/logs.ts";
import { metricsOperation } from "./routes/metrics.ts";
import { moduleOperations } from "./routes/module.ts";
import { protocolOperations } from "./routes/protocol.ts";
import { requestOperations } from "./routes/requests.ts";
import { serverOperations } from "./routes/server.ts";
import { templateOperations } from "./routes/templates.ts";

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};
const API_PATHS = ["/api/*", "/metrics", "/deploy", "/status/*"];

/** The application. */
export function createApp(platform: Platform): Hono<Env> {
  const app = new Hono<Env>();
  const guard = guardOf(platform);
  app.use("*", async (context, next) => {
    context.set("clientAddress", context.env.client?.clientAddress ?? "0.0.0.0");
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
  mount(app, allOperations(platform, guard), guard);
  app.all("/api/*", (context) => {
    throw new TerrariumError("TER_NO_SUCH_PAGE", { path: context.req.path });
  });
  mountPages(app, platform);
  app.onError((error) => {
    if (!(error instanceof TerrariumError))
      platform.log.error({ err: error }, "API request failed in an unexpected way");
    return problemResponse(error);
  });
  return app;
}

/** All operations, in the document's order; the last one shows the document. */
function allOperations(platform: Platform, guard: Guard): Operation[] {
  const operations = [
    ...deployOperations(platform),
    ...deploymentOperations(platform),
    ...appOperations(platform),
    ...logOperations(platform),
    ...keyValueOperations(platform),
    ...requestOperations(platform),
    ...moduleOperations(platform),
    ...serverOperations(platform),
    ...templateOperations(platform),
    metricsOperation(platform),
    ...protocolOperations(platform, guard),
  ];
  const endpoints = [...operations.map(({ endpoint }) => endpoint), DESCRIBE_API];
  const document = JSON.stringify(openApiDocument(endpoints, platform.version));
  const headers = { "content-type": "application/json" };
  return [...operations, implement(DESCRIBE_API, () => new Response(document, { headers }))];
}

function guardOf({ config, operatorToken, store }: Platform): Guard {
  const { deployments, apps } = store;
  return (context: Context<Env>, access: Access) => {
    const { req } = context;
    const deployedTo = req.path === DEPLOY.path ? req.query("app") : undefined;
    const subject = { id: req.param("id"), app: req.param("app") ?? deployedTo };
    return authorize({ config, operatorToken, deployments, apps }, access, subject, req.raw.headers);
  };
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
