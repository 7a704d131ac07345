// Decides where code reads the kill word, so that no guest runs for long without reading it, at the least cost.
//
// Every loop with a way back reads it. Calls need more thought, since work without loops can still be long:
//
// - Recursion is bounded by the stack (some 30,000 frames in V8's default of 984 KiB) as long as every frame goes down
//   once: a function may make its first call into its own recursive group unchecked, in the order of its code. Each later
//   one reads the kill word. A frame that came back from a call can only go down again past a check, so between two
//   checks control goes down at most once and up at most once: linear in the depth of the stack. Recursive tail calls
//   leave no frame and always check.
// - That bound holds only for small frames. A function of a recursive group that does more than `FRAME_COST` besides
//   reads the kill word before and after each call into its group.
// - A tree of calls doubles at each level without any cycle. So costs are added up from the leaves, and a call that
//   would take the total of its function beyond `STRETCH_COST` reads the kill word first; calls into recursive groups
//   always do.
// - A call followed by `unreachable` is the last of its run and needs nothing, unless exceptions can carry on from it.
//
// Costs are in bytes of code: some 0.3 ns each in optimised code, ten times as much in baseline code.
import { CallGraph } from "./call-graph.ts";
import type { CodeFacts } from "./code-facts.ts";
import { EVENT } from "./event-log.ts";
import type { ModuleModel } from "./module-model.ts";

/** Work of one frame of a recursion that is not checked: 30,000 of them are some 10 ms. */
const FRAME_COST = 1024;
/** Work of one function that is not checked, callees included: below a millisecond. */
const STRETCH_COST = 1_048_576;
const RECURSION_COST = STRETCH_COST + 1;
const IMPORT_COST = 256;

export const CHECK_BEFORE = 1;
export const CHECK_AFTER = 2;

/** For each event: `CHECK_BEFORE`, `CHECK_AFTER`, both, or 0. */
export function chooseChecks(module: ModuleModel, facts: CodeFacts): Uint8Array {
  return new Chooser(module, facts).run();
}

class Chooser {
  private readonly module: ModuleModel;
  private readonly facts: CodeFacts;
  private readonly graph: CallGraph;
  private readonly checks: Uint8Array;
  /** What a call of each node costs at most between two checks. */
  private readonly costs: Float64Array;
  private readonly finalCallsEnd: boolean;

  constructor(module: ModuleModel, facts: CodeFacts) {
    this.module = module;
    this.facts = facts;
    this.graph = new CallGraph(module, facts);
    this.checks = new Uint8Array(facts.events.length);
    this.costs = new Float64Array(this.graph.graph.nodes);
    this.finalCallsEnd = !facts.exceptions && !facts.legacyExceptions && module.tags === 0;
  }

  run(): Uint8Array {
    for (const node of this.graph.components.order) this.costs[node] = this.visit(node);
    return this.checks;
  }

  private visit(node: number): number {
    const defined = node - this.module.importedFunctions;
    const recursive = this.isRecursive(node);
    if (node >= this.module.functionTypes.length) return recursive ? RECURSION_COST : this.dearestSuccessor(node);
    if (defined < 0) return recursive ? RECURSION_COST : IMPORT_COST + this.dearestSuccessor(node);
    this.checkLoops(defined);
    if (!recursive) return this.checkStretches(node, defined);
    if (this.frameCost(node, defined) <= FRAME_COST) this.checkLaterCalls(node, defined);
    else this.checkAround(node, defined);
    return RECURSION_COST;
  }

  private isRecursive(node: number): boolean {
    return this.graph.components.cyclic[this.graph.components.of[node] ?? 0] === 1;
  }

  private dearestSuccessor(node: number): number {
    const { first, targets } = this.graph.graph;
    let dearest = 0;
    for (const target of targets.subarray(first[node], first[node + 1])) dearest = Math.max(dearest, this.costs[target] ?? 0);
    return dearest;
  }

  private checkLoops(defined: number): void {
    const { events } = this.facts;
    const { from, to } = this.facts.eventsOf(defined);
    for (let event = from; event < to; event++) {
      if (events.kind(event) === EVENT.loop && events.argument(event) === 1) this.checks[event] = CHECK_AFTER;
    }
  }

  /** Cost of an event outside the function's own group; 0 for what is checked or harmless anyway. */
  private costOf(node: number, event: number): number {
    const { events } = this.facts;
    if (events.kind(event) === EVENT.work) return events.argument(event);
    const target = this.graph.target(event);
    if (target < 0 || this.isWithinGroup(node, event)) return 0;
    return this.finalCallsEnd && events.isFinal(event) ? 0 : (this.costs[target] ?? 0);
  }

  private isWithinGroup(node: number, event: number): boolean {
    const target = this.graph.target(event);
    const { of } = this.graph.components;
    return target >= 0 && of[target] === of[node];
  }

  private frameCost(node: number, defined: number): number {
    const { from, to } = this.facts.eventsOf(defined);
    let cost = this.bodyCost(defined);
    for (let event = from; event < to; event++) cost += this.costOf(node, event);
    return cost;
  }

  private bodyCost(defined: number): number {
    const body = this.module.bodies[defined];
    return body === undefined ? 0 : body.end - body.start;
  }

  /** Checks before events that take the function beyond its share; returns what it costs without any check. */
  private checkStretches(node: number, defined: number): number {
    const { from, to } = this.facts.eventsOf(defined);
    let total = Math.min(this.bodyCost(defined), STRETCH_COST);
    for (let event = from; event < to; event++) {
      const cost = this.costOf(node, event);
      if (cost === 0) continue;
      if (total + cost > STRETCH_COST) this.mark(event, CHECK_BEFORE);
      else total += cost;
    }
    return total;
  }

  private checkLaterCalls(node: number, defined: number): void {
    const { events } = this.facts;
    const { from, to } = this.facts.eventsOf(defined);
    let first = true;
    for (let event = from; event < to; event++) {
      if (!this.isWithinGroup(node, event)) continue;
      const leavesFrame = events.kind(event) === EVENT.call || events.kind(event) === EVENT.callIndirect;
      if (!first || !leavesFrame) this.mark(event, CHECK_BEFORE);
      else first = false;
    }
  }

  private checkAround(node: number, defined: number): void {
    const { events } = this.facts;
    const { from, to } = this.facts.eventsOf(defined);
    this.checkStretches(node, defined);
    for (let event = from; event < to; event++) {
      if (!this.isWithinGroup(node, event)) continue;
      const returns = events.kind(event) === EVENT.call || events.kind(event) === EVENT.callIndirect;
      this.mark(event, returns ? CHECK_BEFORE | CHECK_AFTER : CHECK_BEFORE);
    }
  }

  private mark(event: number, check: number): void {
    this.checks[event] = (this.checks[event] ?? 0) | check;
  }
}
