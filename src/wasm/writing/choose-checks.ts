// Decides where code reads the kill word, so that no guest runs for long without reading it, at the least
// cost.
//
// Every loop with a way back reads it. Calls need more thought, since work without loops can still be long:
//
// - Recursion is bounded by the stack (some 30,000 frames in V8's default of 984 KiB) as long as every frame
//   goes down once: a function may make its first call into its own recursive group unchecked, in the order
//   of its code. Each later one reads the kill word. A frame that came back from a call can only go down
//   again past a check, so between two checks control goes down at most once and up at most once: linear in
//   the depth of the stack. Recursive tail calls leave no frame and always check.
// - That bound holds only for small frames. A function of a recursive group that does more than `FRAME_COST`
//   besides is guarded: it reads the kill word on entry and on exit, so that each way down and each way up
//   passes a check.
// - A tree of calls doubles at each level without any cycle. So costs are added up from the leaves, and a
//   call that would take the total of its function beyond `STRETCH_COST` reads the kill word first; calls
//   into recursive groups always do.
// - A call followed by `unreachable` is the last of its run and needs nothing, unless exceptions can carry on
//   from it.
//
// Costs are in bytes of code: some 0.3 ns each in optimised code, ten times as much in baseline code.
import type { CallGraph } from "../scanning/call-graph.ts";
import { SLOW_WORK, type CodeSummary } from "../scanning/code-summary.ts";
import { EVENT, type EventLog } from "../scanning/event-log.ts";
import type { ModuleModel } from "../reading/module-model.ts";

/** Work of one frame of a recursion that is not checked: 30,000 of them are some 10 ms. */
const FRAME_COST = 1024;
/** Work of one function that is not checked, callees included: below a millisecond. */
const STRETCH_COST = 1_048_576;
const RECURSION_COST = STRETCH_COST + 1;
const IMPORT_COST = 256;

export const CHECK_BEFORE = 1;
export const CHECK_AFTER = 2;
export const GUARD_ENTRY = 1;
export const GUARD_EXIT = 2;

/** Where checks go. */
export interface ChosenChecks {
  /** For each event: `CHECK_BEFORE`, `CHECK_AFTER`, both, or 0. */
  readonly atEvents: Uint8Array;
  /** For each defined function: `GUARD_ENTRY`, or that and `GUARD_EXIT`, or 0. */
  readonly atFunctions: Uint8Array;
}

/** Decides for a whole module. */
export function chooseChecks(module: ModuleModel, summary: CodeSummary, graph: CallGraph): ChosenChecks {
  return new Chooser(module, summary, graph).run();
}

/** No checks at all. */
export function chooseNothing(module: ModuleModel, summary: CodeSummary): ChosenChecks {
  return {
    atEvents: new Uint8Array(summary.events.length),
    atFunctions: new Uint8Array(module.bodies.length),
  };
}

class Chooser {
  private readonly module: ModuleModel;
  private readonly summary: CodeSummary;
  private readonly graph: CallGraph;
  private readonly atEvents: Uint8Array;
  private readonly atFunctions: Uint8Array;
  /** What a call of each node costs at most between two checks. */
  private readonly costs: Float64Array;
  private readonly guardedTypes = new Set<number>();
  private readonly finalCallsEnd: boolean;

  constructor(module: ModuleModel, summary: CodeSummary, graph: CallGraph) {
    this.module = module;
    this.summary = summary;
    this.graph = graph;
    ({ atEvents: this.atEvents, atFunctions: this.atFunctions } = chooseNothing(module, summary));
    this.costs = new Float64Array(this.graph.graph.nodes);
    this.finalCallsEnd = !summary.exceptions && !summary.legacyExceptions && module.tags === 0;
  }

  run(): ChosenChecks {
    const { order, of } = this.graph.components;
    for (let from = 0, to = 0; from < order.length; from = to) {
      const component = of[order[from] ?? 0];
      while (to < order.length && of[order[to] ?? 0] === component) to++;
      this.visitGroup([...order.subarray(from, to)]);
    }
    return { atEvents: this.atEvents, atFunctions: this.atFunctions };
  }

  /**
   * One component: its functions' guards must be known before its calls are judged, and its functions before
   * its types.
   */
  private visitGroup(nodes: readonly number[]): void {
    const { importedFunctions, functionTypes } = this.module;
    const defined = nodes.filter((node) => node >= importedFunctions && node < functionTypes.length);
    const recursive = this.isRecursive(nodes[0] ?? 0);
    for (const node of defined) {
      this.checkLoops(node);
      if (recursive && this.frameCost(node) > FRAME_COST) this.guard(node);
    }
    for (const node of nodes)
      if (node >= functionTypes.length && this.reachesOnlyGuarded(node)) this.guardedTypes.add(node);
    for (const node of defined) this.costs[node] = this.checkCalls(node, recursive);
    for (const node of nodes)
      if (node >= functionTypes.length) this.costs[node] = this.dearestSuccessor(node);
    for (const node of nodes)
      if (node < importedFunctions) this.costs[node] = IMPORT_COST + this.dearestSuccessor(node);
  }

  private isRecursive(node: number): boolean {
    return this.graph.components.cyclic[this.graph.components.of[node] ?? 0] === 1;
  }

  private dearestSuccessor(node: number): number {
    const { first, targets } = this.graph.graph;
    let dearest = 0;
    for (const target of targets.subarray(first[node], first[node + 1]))
      dearest = Math.max(dearest, this.costs[target] ?? 0);
    return dearest;
  }

  private eventsOf(node: number): { readonly from: number; readonly to: number } {
    return this.summary.eventsOf(node - this.module.importedFunctions);
  }

  private checkLoops(node: number): void {
    const { events } = this.summary;
    const { from, to } = this.eventsOf(node);
    for (let event = from; event < to; event++) {
      if (events.kind(event) === EVENT.loop && events.argument(event) === 1) this.mark(event, CHECK_AFTER);
    }
  }

  /** Cost of an event outside the function's own group; 0 for what is checked or harmless anyway. */
  private costOf(node: number, event: number): number {
    const { events } = this.summary;
    if (events.kind(event) === EVENT.work) return events.argument(event);
    if (events.kind(event) === EVENT.memoryGrow) return SLOW_WORK.memoryGrow;
    if (events.kind(event) === EVENT.tableGrow) return SLOW_WORK.tableBulk;
    const target = this.graph.target(event);
    if (target < 0 || this.isWithinGroup(node, target)) return 0;
    return this.finalCallsEnd && events.isFinal(event) ? 0 : (this.costs[target] ?? 0);
  }

  private isWithinGroup(node: number, target: number): boolean {
    const { of } = this.graph.components;
    return of[target] === of[node];
  }

  private frameCost(node: number): number {
    const { from, to } = this.eventsOf(node);
    let cost = this.bodyCost(node);
    for (let event = from; event < to; event++) cost += this.costOf(node, event);
    return cost;
  }

  private bodyCost(node: number): number {
    const body = this.module.bodies[node - this.module.importedFunctions];
    return body === undefined ? 0 : body.end - body.start;
  }

  /**
   * Checks on entry and exit. The exit is a single location only in a function whose body can become a block,
   * which takes a single result; elsewhere each call into the group is followed by a check instead.
   */
  private guard(node: number): void {
    const { events } = this.summary;
    const { from, to } = this.eventsOf(node);
    const results = this.module.types[this.module.functionTypes[node] ?? 0]?.results ?? [];
    // An exnref may be declared without null, which the block's type would not say.
    const oneExit = results.length <= 1 && results[0] !== "exnref";
    this.atFunctions[node - this.module.importedFunctions] = oneExit ? GUARD_ENTRY | GUARD_EXIT : GUARD_ENTRY;
    for (let event = from; event < to; event++) {
      if (leavesFunction(events, event)) this.mark(event, CHECK_BEFORE);
      else if (!oneExit && this.callsGroup(node, event)) this.mark(event, CHECK_AFTER);
    }
  }

  private callsGroup(node: number, event: number): boolean {
    const target = this.graph.target(event);
    return target >= 0 && this.isWithinGroup(node, target);
  }

  private isGuarded(node: number): boolean {
    const { functionTypes, importedFunctions } = this.module;
    if (node >= functionTypes.length) return this.guardedTypes.has(node);
    return node >= importedFunctions && this.atFunctions[node - importedFunctions] !== 0;
  }

  /** Whether all functions of the group that an indirect call of a type may reach are guarded. */
  private reachesOnlyGuarded(node: number): boolean {
    const { first, targets } = this.graph.graph;
    return targets
      .subarray(first[node], first[node + 1])
      .every((member) => !this.isWithinGroup(node, member) || this.isGuarded(member));
  }

  /** Returns what a call of the function costs. */
  private checkCalls(node: number, recursive: boolean): number {
    if (recursive && !this.isGuarded(node)) {
      this.checkLaterCalls(node);
      return RECURSION_COST;
    }
    return this.checkStretches(node);
  }

  /**
   * Checks before events that take the function beyond its share; returns what it costs without any check.
   */
  private checkStretches(node: number): number {
    const { from, to } = this.eventsOf(node);
    let total = Math.min(this.bodyCost(node), STRETCH_COST);
    for (let event = from; event < to; event++) {
      const cost = this.costOf(node, event);
      if (cost === 0) continue;
      if (total + cost > STRETCH_COST) this.mark(event, CHECK_BEFORE);
      else total += cost;
    }
    return total;
  }

  private checkLaterCalls(node: number): void {
    const { events } = this.summary;
    const { from, to } = this.eventsOf(node);
    let first = true;
    for (let event = from; event < to; event++) {
      const target = this.graph.target(event);
      if (target < 0 || !this.isWithinGroup(node, target) || this.isGuarded(target)) continue;
      if (!first || isTailCall(events, event)) this.mark(event, CHECK_BEFORE);
      else first = false;
    }
  }

  private mark(event: number, check: number): void {
    this.atEvents[event] = (this.atEvents[event] ?? 0) | check;
  }
}

function isTailCall(events: EventLog, event: number): boolean {
  const kind = events.kind(event);
  return kind === EVENT.tailCall || kind === EVENT.tailCallIndirect;
}

/** Ways out of a function other than its end. */
function leavesFunction(events: EventLog, event: number): boolean {
  const kind = events.kind(event);
  return (
    kind === EVENT.return ||
    isTailCall(events, event) ||
    (kind === EVENT.work && events.argument(event) === SLOW_WORK.throw)
  );
}
