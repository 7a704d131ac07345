// Requests to a deployment: sent on a client's behalf, and recorded.
import { LIST_REQUESTS, SEND_REQUEST } from "../../../api/index.ts";
import { TerrariumError } from "../../../errors/index.ts";
import { probe } from "../../deployments/probe.ts";
import { sourcedRecords } from "../../deployments/sourced-records.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { existingDeployment } from "./deployment-params.ts";

/** Of a response that is passed on. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Requests that are recorded once somebody looks. */
const FURTHER_RECORDED = 200;
const JSON_OVERHEAD_BYTES = 64 * 1024;

/** Operations on a deployment's requests. */
export function requestOperations(platform: Platform): Operation[] {
  return [send(platform), list(platform)];
}

function send(platform: Platform): Operation {
  const { config, ports } = platform;
  return implement(
    SEND_REQUEST,
    async ({ params, body, answer }) => {
      const { id } = await existingDeployment(platform, params.id);
      const answered = await probe({ config, ports, maxBytes: MAX_ANSWER_BYTES }, id, {
        ...body,
        body: Buffer.from(body.body, "base64"),
      });
      return answer(200, { ...answered, body: answered.body.toString("base64") });
    },
    Math.ceil((config.limits.requestBodyBytes * 4) / 3) + JSON_OVERHEAD_BYTES,
  );
}

function list(platform: Platform): Operation {
  return implement(LIST_REQUESTS, async ({ params, answer }) => {
    const { id } = await existingDeployment(platform, params.id);
    if (!platform.config.inspect) throw new TerrariumError("TER_INSPECT_OFF");
    const records = await sourcedRecords(platform, id, await platform.records(id, FURTHER_RECORDED));
    return answer(200, {
      requests: records.map(({ atMs, ...record }) => ({ ...record, at: platform.isoOf(atMs) })),
    });
  });
}
