// Starter projects and examples.
import { z } from "zod";
import { endpoint, json, type View } from "./endpoint.ts";

const variable = z.object({
  name: z.string(),
  label: z.string().optional(),
  default: z.string().optional(),
  file: z.string().optional(),
  secret: z.boolean().optional(),
});
/** Text in a template's file that the user has to fill in. */
export type TemplateVariable = View<typeof variable>;

/** A template, as lists show it. */
export const templateSummary = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    language: z.string(),
    variables: z.array(variable).describe("What a person has to fill in before it works"),
  })
  .meta({ id: "TemplateSummary" });
export type TemplateSummary = View<typeof templateSummary>;

const template = templateSummary
  .extend({
    files: z.array(
      z.object({
        path: z.string(),
        text: z.string().nullable().describe("Null if the file is not UTF-8"),
        base64: z.string().nullable().describe("Null if the file is UTF-8"),
      }),
    ),
  })
  .meta({ id: "Template" });
export type Template = View<typeof template>;

export const LIST_TEMPLATES = endpoint({
  method: "get",
  path: "/api/v1/templates",
  id: "listTemplates",
  tag: "templates",
  summary: "Starter projects and examples",
  access: "open",
  answers: {
    200: { description: "The templates", content: json(z.object({ templates: z.array(templateSummary) })) },
  },
});

export const SHOW_TEMPLATE = endpoint({
  method: "get",
  path: "/api/v1/templates/{name}",
  id: "showTemplate",
  tag: "templates",
  summary: "A template with its files",
  access: "open",
  params: z.strictObject({ name: z.string() }),
  answers: { 200: { description: "The template", content: json(template) } },
  problems: { 404: "There is no such template" },
});
