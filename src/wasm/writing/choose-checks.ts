// Decides where code reads the kill word, so that no guest runs for long without reading it, at the least
// cost.
//
// - Every loop with a way back reads it, and so does every `throw`.
// - Functions are walked from the leaves of the call graph up (`function-walk.ts`): a path that would come
//   to more than `STRETCH_NS` without a check gets one. A call counts by what its callee costs before its
//   first check, after its last one, and on paths without any.
// - Recursion is bounded by the stack (`MAX_FRAMES`) as long as every frame goes down once: a function may
//   make its first call into its own recursive group unchecked, in the order of its code. Each later one
//   reads the kill word. A frame that came back from a call can only go down again past a check, so between
//   two checks control goes down at most once and up at most once: linear in the depth of the stack.
//   Recursive tail calls leave no frame and always check.
// - That bound holds only for small frames. A function of a recursive group whose frames cost more than
//   `FRAME_NS` is guarded: it reads the kill word on entry and on exit, so that each way down and each way
//   up passes a check.
// - Calls into a group from outside read it first, unless the callee does so on entry.
// - A host function reads it before it does anything (`src/engine/instances/imports.ts`). It may call the
//   guest's allocator, any number of times, so functions that may be one read it on entry, too.
//
// So between two checks there is at most one recursion, down and up, and one stretch: some 4 ms by the
// weights.
import type { CallGraph } from "../scanning/call-graph.ts";
import type { CodeSummary } from "../scanning/code-summary.ts";
import { EVENT, type EventLog } from "../scanning/event-log.ts";
import { WEIGHT } from "../scanning/weights.ts";
import type { ModuleModel } from "../reading/module-model.ts";
import { CHECK_BEFORE, type CallCost, type WalkTask, walkFunction } from "./function-walk.ts";

/**
 * Work of one frame of a recursion that is not checked. V8 grants 984 KiB of stack, and no frame takes
 * below 32 bytes.
 */
const FRAME_NS = 96;
/**
 * Largest work of an allocator that need not read the kill word: the host may call it a thousand times in a
 * row.
 */
const SMALL_ALLOCATOR_NS = 1000;

const NEVER = Number.NEGATIVE_INFINITY;
const FREE: CallCost = { before: 0, through: 0, after: 0 };
/** A call whose callee reads the kill word at entry and exit. */
const GUARDED: CallCost = { before: 0, through: NEVER, after: 0 };
/** A call into a recursion whose frames are not checked. */
const RECURSION: CallCost = { before: Infinity, through: NEVER, after: 0 };

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
  /** What a call of each node costs, as far as is known. */
  private readonly costs: CallCost[] = [];
  /** For types and imports in a recursive group: the cost of the functions outside it. */
  private readonly outside: CallCost[] = [];
  /**
   * Nodes of recursive groups that read the kill word on each way in and out; a type if all its functions
   * do.
   */
  private readonly guarded: Uint8Array;
  private readonly allocators: Uint8Array;

  constructor(module: ModuleModel, summary: CodeSummary, graph: CallGraph) {
    this.module = module;
    this.summary = summary;
    this.graph = graph;
    ({ atEvents: this.atEvents, atFunctions: this.atFunctions } = chooseNothing(module, summary));
    this.guarded = new Uint8Array(graph.graph.nodes);
    this.allocators = allocatorsOf(module, graph);
  }

  run(): ChosenChecks {
    const { order, of } = this.graph.components;
    for (let from = 0, to = 0; from < order.length; from = to) {
      const component = of[order[from] ?? 0];
      while (to < order.length && of[order[to] ?? 0] === component) to++;
      const nodes = [...order.subarray(from, to)];
      if (this.isRecursive(nodes[0] ?? 0)) this.visitGroup(nodes);
      else this.visitSingle(nodes[0] ?? 0);
    }
    return { atEvents: this.atEvents, atFunctions: this.atFunctions };
  }

  private isRecursive(node: number): boolean {
    return this.graph.components.cyclic[this.graph.components.of[node] ?? 0] === 1;
  }

  private visitSingle(node: number): void {
    if (!this.isDefined(node)) return void (this.costs[node] = this.costOfOthers(node));
    const guards =
      this.allocators[node] === 1 && this.walk(node, { marks: null }).before > SMALL_ALLOCATOR_NS;
    if (guards) this.guardEntry(node);
    this.costs[node] = this.walk(node, { marks: this.atEvents, checksEntry: guards });
  }

  /** One component: its functions' guards must be known before its calls can be judged. */
  private visitGroup(nodes: readonly number[]): void {
    const defined = nodes.filter((node) => this.isDefined(node));
    for (const node of nodes)
      if (this.isDefined(node)) this.costs[node] = FREE;
      else this.costs[node] = this.outside[node] = this.costOfOthers(node);
    for (const node of nodes)
      if (node < this.module.importedFunctions) this.guarded[node] = 1;
      else if (this.isDefined(node) && this.walk(node, { marks: null }).longest > FRAME_NS)
        this.guarded[node] = 1;
    for (const node of nodes)
      if (node >= this.module.functionTypes.length && this.reachesOnlyGuarded(node)) this.guarded[node] = 1;
    for (const node of nodes) this.costs[node] = this.costInGroup(node);
    const results = defined.map((node) => [node, this.chooseIn(node)] as const);
    for (const [node, cost] of results) this.costs[node] = cost;
  }

  /** Checks of a function of a recursive group; returns what a call from outside the group costs. */
  private chooseIn(node: number): CallCost {
    if (this.guarded[node] !== 1) {
      this.walk(node, { marks: this.atEvents, ignoresGroup: true });
      this.checkLaterCalls(node);
      if (this.allocators[node] === 1) this.guardEntry(node);
      return RECURSION;
    }
    const oneExit = hasOneExit(this.module, node);
    this.atFunctions[node - this.module.importedFunctions] = oneExit ? GUARD_ENTRY | GUARD_EXIT : GUARD_ENTRY;
    const checksExit = oneExit ? "block" : "ways";
    const { after } = this.walk(node, { marks: this.atEvents, checksEntry: true, checksExit });
    return { before: 0, through: NEVER, after };
  }

  /** What a call within the group costs. A type may also stand for functions outside the group. */
  private costInGroup(node: number): CallCost {
    if (this.guarded[node] !== 1) return RECURSION;
    const { before, after } = this.outside[node] ?? FREE;
    return this.isDefined(node) ? GUARDED : { before, through: NEVER, after };
  }

  /** Cost of an import or of a type: that of the most expensive function it may call, as far as known. */
  private costOfOthers(node: number): CallCost {
    const { first, targets } = this.graph.graph;
    const costs = [...targets.subarray(first[node], first[node + 1])].map(
      (target) => this.costs[target] ?? GUARDED,
    );
    const greatest = (part: keyof CallCost): number =>
      costs.reduce((greatestYet, cost) => Math.max(greatestYet, cost[part]), NEVER);
    if (node >= this.module.importedFunctions)
      return {
        before: Math.max(0, greatest("before")),
        through: greatest("through"),
        after: Math.max(0, greatest("after")),
      };
    const after = WEIGHT.hostCall + Math.max(0, greatest("after"), greatest("through"));
    return { before: WEIGHT.hostCall, through: NEVER, after };
  }

  private walk(
    node: number,
    options: Pick<WalkTask, "marks"> & Partial<WalkTask> & { readonly ignoresGroup?: boolean },
  ): ReturnType<typeof walkFunction> {
    const { ignoresGroup = options.marks === null, ...task } = options;
    return walkFunction(this.summary, {
      ...this.summary.eventsOf(node - this.module.importedFunctions),
      checksEntry: false,
      checksExit: null,
      costOf: (event) => this.costOf(node, event, ignoresGroup),
      guardCallee: (event) => this.guardCallee(event),
      ...task,
    });
  }

  private costOf(node: number, event: number, ignoresGroup: boolean): CallCost | null {
    const target = this.graph.target(event);
    if (target < 0) return null;
    if (!ignoresGroup || !this.isWithinGroup(node, target)) return this.costs[target] ?? GUARDED;
    return this.outside[target] ?? FREE;
  }

  /** The callee does not return, so one check at its entry serves all such calls. */
  private guardCallee(event: number): boolean {
    const { events } = this.summary;
    const target = events.kind(event) === EVENT.call ? events.argument(event) : -1;
    if (!this.isDefined(target)) return false;
    this.guardEntry(target);
    return true;
  }

  private guardEntry(node: number): void {
    const defined = node - this.module.importedFunctions;
    this.atFunctions[defined] = (this.atFunctions[defined] ?? 0) | GUARD_ENTRY;
  }

  private isDefined(node: number): boolean {
    return node >= this.module.importedFunctions && node < this.module.functionTypes.length;
  }

  private isWithinGroup(node: number, target: number): boolean {
    const { of } = this.graph.components;
    return of[target] === of[node];
  }

  /** Whether all functions of the group that an indirect call of a type may reach are guarded. */
  private reachesOnlyGuarded(node: number): boolean {
    const { first, targets } = this.graph.graph;
    return targets
      .subarray(first[node], first[node + 1])
      .every((member) => !this.isWithinGroup(node, member) || this.guarded[member] === 1);
  }

  private checkLaterCalls(node: number): void {
    const { events } = this.summary;
    const { from, to } = this.summary.eventsOf(node - this.module.importedFunctions);
    let first = true;
    for (let event = from; event < to; event++) {
      const target = this.graph.target(event);
      if (target < 0 || !this.isWithinGroup(node, target) || this.guarded[target] === 1) continue;
      if (!first || isTailCall(events, event))
        this.atEvents[event] = (this.atEvents[event] ?? 0) | CHECK_BEFORE;
      else first = false;
    }
  }
}

/** Functions that a host function may call as the guest's allocator. */
function allocatorsOf(module: ModuleModel, { graph }: CallGraph): Uint8Array {
  const found = new Uint8Array(graph.nodes);
  const successors = (node: number): Int32Array =>
    graph.targets.subarray(graph.first[node], graph.first[node + 1]);
  for (let node = 0; node < Math.min(module.importedFunctions, 1); node++)
    for (const type of successors(node)) for (const member of successors(type)) found[member] = 1;
  return found;
}

/**
 * Whether a check at the end of the body can stand in one location: the body becomes a block, which takes a
 * single result. An exnref may be declared without null, which the block's type would not say.
 */
function hasOneExit(module: ModuleModel, node: number): boolean {
  const results = module.types[module.functionTypes[node] ?? 0]?.results ?? [];
  return results.length <= 1 && results[0] !== "exnref";
}

function isTailCall(events: EventLog, event: number): boolean {
  const kind = events.kind(event);
  return kind === EVENT.tailCall || kind === EVENT.tailCallIndirect;
}
