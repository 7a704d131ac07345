// The deploy protocol of 2019: POST /deploy and GET /status/<id>. Its clients look only at the id of the
// first answer and poll the second about once a second until `done`.
import { z } from "zod";
import { deploymentParams } from "./deployments.ts";
import { endpoint, json, type View } from "./endpoint.ts";

const accepted = z.object({ id: z.string(), success: z.boolean(), message: z.string() });
export type Accepted = View<typeof accepted>;

const status = z.object({
  status: z.string(),
  message: z.string(),
  success: z.boolean(),
  done: z.boolean(),
});
export type DeployStatus = View<typeof status>;

export const POST_DEPLOY = endpoint({
  method: "post",
  path: "/deploy",
  id: "postDeploy",
  tag: "protocol",
  summary: "Deploy a project, as clients of 2019 do",
  description:
    "A refused deploy gets an id as well, whose status says why. Fields that are not known are ignored.",
  access: "deploy",
  body: z.object({
    tar: z.string(),
    lang: z.string().max(40).nullish(),
    options: z.array(z.string().max(1000)).max(100).nullish(),
  }),
  answers: { 200: { description: "Accepted, or refused", content: json(accepted) } },
});

export const SHOW_STATUS = endpoint({
  method: "get",
  path: "/status/{id}",
  id: "showStatus",
  tag: "protocol",
  summary: "How far a deploy is",
  access: "open",
  params: deploymentParams,
  answers: {
    200: { description: "The status", content: json(status) },
    404: { description: "There is no such deployment, or it has expired", content: json(status) },
  },
});
