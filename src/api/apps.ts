// Apps: addresses that last, each with its versions.
import { z } from "zod";
import { deployment, moment } from "./deployments.ts";
import { endpoint, json, type View } from "./endpoint.ts";

/** `{app}` in a path. */
export const APP_PARAMS = z.strictObject({ app: z.string().describe("Name of the app") });

const app = z
  .object({
    name: z.string().describe("The first label of its address"),
    createdAt: moment,
    url: z.string().describe("The address to show"),
    urls: z.object({ http: z.string(), https: z.string().nullable() }),
    currentId: z
      .string()
      .nullable()
      .describe("The version that answers at the address; null before the first is live"),
    previousId: z.string().nullable().describe("The version that answered before it"),
    lastVersion: z.int().describe("Number of the newest version"),
  })
  .meta({ id: "App" });
export type AppView = View<typeof app>;

/** The answer of whatever changes an app. */
export const appAnswer = z.object({ app });
export type AppAnswer = View<typeof appAnswer>;

export const LIST_APPS = endpoint({
  method: "get",
  path: "/api/v1/apps",
  id: "listApps",
  tag: "apps",
  summary: "All apps, by name",
  access: "operator",
  answers: { 200: { description: "The apps", content: json(z.object({ apps: z.array(app) })) } },
});
export type AppList = { readonly apps: readonly AppView[] };

export const SHOW_APP = endpoint({
  method: "get",
  path: "/api/v1/apps/{app}",
  id: "showApp",
  tag: "apps",
  summary: "One app",
  access: "app",
  params: APP_PARAMS,
  answers: { 200: { description: "The app", content: json(appAnswer) } },
});

export const LIST_VERSIONS = endpoint({
  method: "get",
  path: "/api/v1/apps/{app}/versions",
  id: "listVersions",
  tag: "apps",
  summary: "The versions of an app that are kept, newest first",
  access: "app",
  params: APP_PARAMS,
  answers: {
    200: {
      description: "The versions",
      content: json(z.object({ app, versions: z.array(deployment) })),
    },
  },
});
export type VersionList = { readonly app: AppView; readonly versions: readonly View<typeof deployment>[] };

export const PROMOTE_VERSION = endpoint({
  method: "post",
  path: "/api/v1/apps/{app}/promote",
  id: "promoteVersion",
  tag: "apps",
  summary: "Make a version the current one, in every edge at once",
  access: "app",
  params: APP_PARAMS,
  body: z.strictObject({ id: z.string().describe("Name of the version, four words") }),
  answers: { 200: { description: "The app", content: json(appAnswer) } },
  problems: { 404: "There is no such app, or no such live version of it" },
});

export const ROLL_BACK = endpoint({
  method: "post",
  path: "/api/v1/apps/{app}/rollback",
  id: "rollBack",
  tag: "apps",
  summary: "Go back to the version that was current before, or to the one named",
  access: "app",
  params: APP_PARAMS,
  body: z.strictObject({ id: z.string().optional().describe("Name of the version, four words") }),
  answers: { 200: { description: "The app", content: json(appAnswer) } },
  problems: {
    404: "There is no such app, or no such live version of it",
    409: "No version was current before",
  },
});

export const DELETE_APP = endpoint({
  method: "delete",
  path: "/api/v1/apps/{app}",
  id: "deleteApp",
  tag: "apps",
  summary: "Delete an app with its versions, store and logs",
  access: "app",
  params: APP_PARAMS,
  answers: { 204: { description: "It is gone" } },
});
