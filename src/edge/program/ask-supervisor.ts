// The question of an edge to its supervisor: which source lines are these offsets?
import { request } from "node:http";
import type { DeploymentId } from "../../store/types.ts";
import type { LookUpLocations, SourceLocation } from "./source-locations.ts";
import { Reason } from "../../errors/index.ts";

/** A compiler's process that has to start first takes two seconds, a queue before it longer. */
const TIMEOUT_MS = 20_000;
const MAX_ANSWER_CHARACTERS = 256 * 1024;

/** Asks at the control socket. */
export function askSupervisor(socketPath: string): LookUpLocations {
  return async (id, offsets) =>
    (
      JSON.parse(await post(socketPath, JSON.stringify({ id, offsets } satisfies Question))) as {
        locations: SourceLocation[][];
      }
    ).locations;
}

interface Question {
  readonly id: DeploymentId;
  readonly offsets: readonly number[];
}

function post(socketPath: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: "localhost",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const asked = request({
      socketPath,
      method: "POST",
      path: "/internal/symbolize",
      headers,
      agent: false,
      timeout: TIMEOUT_MS,
    });
    asked.on("timeout", () => asked.destroy(new Reason("no answer in time")));
    asked.on("error", reject);
    asked.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER_CHARACTERS) asked.destroy(new Reason("the answer is too long"));
      });
      response.on("error", reject);
      response.on("end", () =>
        response.statusCode === 200 ? resolve(text) : reject(new Reason(`status ${response.statusCode}`)),
      );
    });
    asked.end(body);
  });
}
