// One deployment's program: for each request, fresh state from the engine and hostcall state from the
// services, then the response.
import { randomFillSync } from "node:crypto";
import type { Limits } from "../../config/index.ts";
import { createWallClock } from "../../processes/clock.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { Program, RunLimits, RunOutcome } from "../../engine/index.ts";
import {
  createRunState,
  disposeRunState,
  outgoingResponse,
  type GuestLog,
  type IncomingRequest,
  type Outbound,
  type OutboundService,
  type Resolver,
  type RunState,
  type HostServices,
} from "../../hostcalls/index.ts";
import type { Awaitable, DeploymentId, KeyValueNamespace } from "../../store/types.ts";
import type { ProgramAnswer, Responder, RunContext } from "./types.ts";
import type { SourceLocations } from "./source-locations.ts";

/** What all runs of a process share. */
export interface SharedServices {
  readonly outbound: OutboundService;
  readonly resolver: Resolver;
  readonly limits: Limits;
  readonly runLimits: RunLimits;
  readonly locations: SourceLocations;
}

/** What all runs of one deployment share. */
type OwnServices = Pick<HostServices, "keyValue" | "environment">;

/** A start function tried at deploy has no request, and is stopped before it asks for one. */
const NO_REQUEST: IncomingRequest = { id: "", method: "GET", path: "/", headers: [], body: new Uint8Array() };
const NO_CONTEXT: RunContext = {
  log: () => undefined,
  holdMemory: () => undefined,
  holdAnswers: () => undefined,
  signal: new AbortController().signal,
  tree: { depth: 0, budget: { left: 0 } },
  recorder: null,
};

/** What programs are told: it follows corrections of the machine's clock. */
const preciseNow = createWallClock();

export class ProgramResponder implements Responder {
  readonly #id: DeploymentId;
  readonly #program: Program<RunState>;
  readonly #own: OwnServices;
  readonly #shared: SharedServices;

  constructor(id: DeploymentId, program: Program<RunState>, own: OwnServices, shared: SharedServices) {
    this.#id = id;
    this.#program = program;
    this.#own = own;
    this.#shared = shared;
  }

  respond(request: IncomingRequest, context: RunContext): Promise<ProgramAnswer> {
    const state = createRunState(
      new RunServices(this.#shared, this.#own, context),
      request,
      context.recorder?.trace ?? null,
    );
    return this.#program.run(state, this.#shared.runLimits, context).then((outcome) => {
      try {
        context.recorder?.ended(outcome.usage, outcome.kind === "fault" ? outcome.frames : []);
        return outcome.kind === "fault" ? this.#faultOf(outcome) : answerOf(outcome, state, context);
      } finally {
        disposeRunState(state);
      }
    });
  }

  async prepare(): Promise<void> {
    const { instanceMs } = this.#shared.limits;
    const usedMs = this.#program.measureInstance(instanceMs);
    if (usedMs > instanceMs)
      throw new TerrariumError("TER_WASM_INSTANCE_TOO_SLOW", {
        used: `${usedMs.toFixed(1)} ms`,
        allowed: `${instanceMs} ms`,
      });
    if (!this.#program.initialises) return;
    const state = createRunState(new RunServices(this.#shared, this.#own, NO_CONTEXT), NO_REQUEST);
    const outcome = await this.#program.rehearse(state, this.#shared.runLimits);
    disposeRunState(state);
    // Any other failure may not happen in a request, and otherwise shows there.
    if (outcome.kind !== "fault" || outcome.error.code !== "TER_GUEST_LIMIT") return;
    throw TerrariumError.of("TER_WASM_START_TOO_SLOW", outcome.error.details, { cause: outcome.error });
  }

  #faultOf({ error, frames, usage }: Extract<RunOutcome, { kind: "fault" }>): Awaitable<ProgramAnswer> {
    const location = this.#shared.locations.describe(this.#id, frames);
    return location instanceof Promise
      ? location.then((found) => ({ kind: "fault", error, location: found, usage }))
      : { kind: "fault", error, location, usage };
  }

  dispose(): void {
    this.#program.dispose();
  }
}

/**
 * What one run may use. It is created for each request, so most of it is looked up only when the run asks.
 */
class RunServices implements HostServices {
  readonly keyValue: KeyValueNamespace;
  readonly environment: readonly Uint8Array[];
  readonly limits: Limits;
  readonly #shared: SharedServices;
  readonly #context: RunContext;

  constructor(shared: SharedServices, own: OwnServices, context: RunContext) {
    this.keyValue = own.keyValue;
    this.environment = own.environment;
    this.limits = shared.limits;
    this.#shared = shared;
    this.#context = context;
  }

  get outbound(): Outbound {
    return this.#shared.outbound.forRun(this.#context.tree);
  }

  get resolver(): Resolver {
    return this.#shared.resolver;
  }

  get now(): () => number {
    return preciseNow;
  }

  get random(): (view: Uint8Array) => void {
    return randomFillSync;
  }

  holdAnswers(bytes: number): void {
    this.#context.holdAnswers(bytes);
  }

  log(...line: Parameters<GuestLog>): void {
    this.#context.log(...line);
  }
}

function answerOf(
  outcome: Exclude<RunOutcome, { kind: "fault" }>,
  state: RunState,
  context: RunContext,
): ProgramAnswer {
  const { usage } = outcome;
  if (outcome.kind === "exited" && outcome.code !== 0)
    context.log("platform", `The program exited with code ${outcome.code}`);
  return { kind: "response", response: outgoingResponse(state), usage };
}
