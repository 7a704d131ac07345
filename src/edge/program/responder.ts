// One deployment's program: for each request fresh state from the engine, hostcall state from the services, then the answer.
import { randomFillSync } from "node:crypto";
import type { Program, RunLimits, RunOutcome } from "../../engine/index.ts";
import { createRunState, disposeRunState, outgoingResponse, type HostcallLimits, type IncomingRequest, type OutboundService, type Resolver, type RunState } from "../../hostcalls/index.ts";
import type { KeyValueNamespace } from "../../store/types.ts";
import type { ProgramAnswer, Responder, RunContext } from "../types.ts";
import { placeOf } from "./place.ts";

/** What all runs of a process share. */
export interface SharedServices {
  readonly outbound: OutboundService;
  readonly resolver: Resolver;
  readonly hostcallLimits: HostcallLimits;
  readonly runLimits: RunLimits;
}

/** Milliseconds with fraction since the Unix epoch; follows corrections of the machine's clock, unlike `performance.now()`. */
function preciseNow(): number {
  return Date.now() + (performance.now() % 1);
}

export class ProgramResponder implements Responder {
  readonly #program: Program<RunState>;
  readonly #keyValue: KeyValueNamespace;
  readonly #shared: SharedServices;

  constructor(program: Program<RunState>, keyValue: KeyValueNamespace, shared: SharedServices) {
    this.#program = program;
    this.#keyValue = keyValue;
    this.#shared = shared;
  }

  async respond(request: IncomingRequest, context: RunContext): Promise<ProgramAnswer> {
    const { outbound, resolver, hostcallLimits, runLimits } = this.#shared;
    const services = {
      keyValue: this.#keyValue,
      outbound: outbound.forRun(context.depth),
      resolver,
      log: context.log,
      now: preciseNow,
      random: randomFillSync,
      limits: hostcallLimits,
    };
    const state = createRunState(services, request, context.recorder?.trace ?? null);
    try {
      const outcome = await this.#program.run(state, runLimits, context.signal);
      context.recorder?.ended(outcome.usage, outcome.kind === "fault" ? outcome.frames : []);
      return answerOf(outcome, state, context);
    } finally {
      disposeRunState(state);
    }
  }

  dispose(): void {
    this.#program.dispose();
  }
}

function answerOf(outcome: RunOutcome, state: RunState, context: RunContext): ProgramAnswer {
  if (outcome.kind === "fault") return { kind: "fault", error: outcome.error, place: placeOf(outcome.frames) };
  if (outcome.kind === "exited" && outcome.code !== 0) context.log("platform", `The program exited with code ${outcome.code}`);
  return { kind: "response", response: outgoingResponse(state) };
}
