// The question of an edge to its supervisor: which source lines are these offsets?
import type { DeploymentId } from "../../store/types.ts";
import { ask } from "../transport/client.ts";
import type { LookUpLocations, SourceLocation } from "./source-locations.ts";

/** A compiler's process that has to start first takes two seconds, a queue before it longer. */
const TIMEOUT_MS = 20_000;

/** Asks at the control socket. */
export function askSupervisor(socketPath: string): LookUpLocations {
  return async (id, offsets) =>
    (
      JSON.parse(
        await ask(
          socketPath,
          "POST",
          "/internal/symbolize",
          JSON.stringify({ id, offsets } satisfies Question),
          TIMEOUT_MS,
        ),
      ) as {
        locations: SourceLocation[][];
      }
    ).locations;
}

interface Question {
  readonly id: DeploymentId;
  readonly offsets: readonly number[];
}
