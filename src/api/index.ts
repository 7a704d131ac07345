// The API, described once: routes, the OpenAPI document, the command and the studio take schemas and types
// from here.
export * from "./app-settings.ts";
export * from "./apps.ts";
export * from "./deploy-protocol.ts";
export * from "./deployments.ts";
export * from "./deploys.ts";
export * from "./endpoint.ts";
export * from "./key-value.ts";
export * from "./logs.ts";
export * from "./module.ts";
export * from "./openapi.ts";
export * from "./problem.ts";
export * from "./requests.ts";
export * from "./server.ts";
export * from "./templates.ts";
