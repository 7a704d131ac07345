// Settings of an app: what programs read as their environment.
import { z } from "zod";
import { APP_PARAMS, appAnswer } from "./apps.ts";
import { endpoint, json, type View } from "./endpoint.ts";

const setting = z
  .object({
    name: z.string(),
    value: z.string(),
    source: z
      .enum(["app", "project"])
      .describe("`project`: from `terrarium.toml`; `app`: set by this API, and kept from version to version"),
  })
  .meta({ id: "Setting" });
export type SettingView = View<typeof setting>;

const settingList = z.object({ settings: z.array(setting) });
export type SettingList = View<typeof settingList>;

export const LIST_SETTINGS = endpoint({
  method: "get",
  path: "/api/v1/apps/{app}/settings",
  id: "listSettings",
  tag: "apps",
  summary: "The settings of an app's current version, by name",
  access: "app",
  params: APP_PARAMS,
  answers: { 200: { description: "The settings", content: json(settingList) } },
});

export const CHANGE_SETTINGS = endpoint({
  method: "patch",
  path: "/api/v1/apps/{app}/settings",
  id: "changeSettings",
  tag: "apps",
  summary: "Set and remove settings, in a new version that is current at once",
  description: "The program is not built again. Nothing happens if all settings are as requested already.",
  access: "app",
  params: APP_PARAMS,
  body: z.strictObject({
    set: z.record(z.string(), z.string()).default({}).describe("Values by name"),
    remove: z.array(z.string()).max(64).default([]).describe("Names of settings to remove"),
  }),
  answers: { 200: { description: "The app", content: json(appAnswer) } },
  problems: {
    404: "There is no such app, or it has no such setting of its own",
    409: "The app has no current version",
  },
});
