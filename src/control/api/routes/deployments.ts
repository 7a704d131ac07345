// List, show, extend, delete.
import {
  DELETE_DEPLOYMENT,
  EXTEND_DEPLOYMENT,
  LIST_DEPLOYMENTS,
  SHOW_DEPLOYMENT,
} from "../../../api/index.ts";
import { readTtl } from "../../deployments/lifetime.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { viewOf } from "../views.ts";
import { existingDeployment, knownForm } from "./deployment-params.ts";

/** Operations about existing deployments. */
export function deploymentOperations(platform: Platform): Operation[] {
  const { deployments } = platform;
  return [
    implement(LIST_DEPLOYMENTS, async ({ answer }) => {
      const records = await deployments.list();
      return answer(200, { deployments: records.map((record) => viewOf(platform, record)) });
    }),
    implement(SHOW_DEPLOYMENT, async ({ params, answer }) =>
      answer(200, { deployment: viewOf(platform, await existingDeployment(platform, params.id)) }),
    ),
    implement(EXTEND_DEPLOYMENT, async ({ params, body, answer }) => {
      const record = await deployments.setTtl(knownForm(params.id), readTtl(body.ttl));
      return answer(200, { deployment: viewOf(platform, record) });
    }),
    implement(DELETE_DEPLOYMENT, async ({ params }) => {
      await deployments.remove(knownForm(params.id));
      return new Response(null, { status: 204 });
    }),
  ];
}
