// Walks the code of one function along all of its paths and adds up what it costs since the kill word was
// read last.
//
// Control flow of WebAssembly is structured: apart from loops, code only goes forward, and a branch goes to
// the end of a block that is open. So one pass in the order of the code sees every path: at each block's
// end the dearest of the paths that meet there goes on. Paths do not go round loops, since each loop with a
// way back reads the kill word.
import type { CodeSummary } from "../scanning/code-summary.ts";
import { EVENT } from "../scanning/event-log.ts";
import { WEIGHT } from "../scanning/weights.ts";

/** Work between two checks, recursion aside: see `docs/decisions/005-rewriter.md`. */
const STRETCH_NS = 1_000_000;

/** From the check before `throw` to the handler. */
const LANDING_NS = 10_000;
const NEVER = Number.NEGATIVE_INFINITY;

export const CHECK_BEFORE = 1;
export const CHECK_AFTER = 2;

/** What a call costs. A path without any check has no cost where there is none: minus infinity. */
export interface CallCost {
  /** From the entry to the first check or the end. Infinity: a check has to stand before the call. */
  readonly before: number;
  /** From entry to end on paths without any check. */
  readonly through: number;
  /** From the last check, or the entry, to the end. */
  readonly after: number;
}

/** What the walk has to know of its function and its surroundings. */
export interface WalkTask {
  readonly from: number;
  readonly to: number;
  /** What the call of an event costs; null for an event that calls nothing. */
  readonly costOf: (event: number) => CallCost | null;
  /** Where checks are written; null to measure only. */
  readonly marks: Uint8Array | null;
  /** The kill word is read at the entry. */
  readonly checksEntry: boolean;
  /**
   * `block`: and once at the end of the body, which the ways out by `return` bypass. `ways`: at each way
   * out.
   */
  readonly checksExit: "block" | "ways" | null;
  /** A call that nothing follows: true if its callee reads the kill word first from now on. */
  readonly guardCallee: (event: number) => boolean;
}

/** What a walk found. */
export interface WalkResult extends CallCost {
  /** The longest stretch in the function. */
  readonly longest: number;
}

/** Two running sums: since the last check, and since the entry if there was no check. */
interface Label {
  since: number;
  fresh: number;
  /** What an `if` without `else` goes on with. */
  savedSince: number;
  savedFresh: number;
  readonly isLoop: boolean;
}

/** Walks a function. */
export function walkFunction(summary: CodeSummary, task: WalkTask): WalkResult {
  return new FunctionWalk(summary, task).run();
}

class FunctionWalk {
  private readonly events: CodeSummary["events"];
  private readonly task: WalkTask;
  private readonly labels: Label[] = [];
  private since = 0;
  private fresh: number;
  private before = 0;
  private through = NEVER;
  private after = NEVER;
  private longest = 0;

  constructor(summary: CodeSummary, task: WalkTask) {
    this.events = summary.events;
    this.task = task;
    this.fresh = task.checksEntry ? NEVER : 0;
  }

  run(): WalkResult {
    this.open(false);
    const { from, to } = this.task;
    for (let event = from; event < to; event++) {
      this.spend(this.events.weightBefore(event));
      if (this.since > STRETCH_NS) this.check(event, CHECK_BEFORE);
      this.visit(event);
    }
    const { before, through, after, longest } = this;
    return { before, through, after: Math.max(after, 0), longest };
  }

  private visit(event: number): void {
    const { events } = this;
    switch (events.kind(event)) {
      case EVENT.loop:
        if (events.argument(event) === 1) this.check(event, CHECK_AFTER);
        return this.open(true);
      case EVENT.countedLoop:
        this.spendWhole(event, events.argument(event));
        return this.open(true);
      case EVENT.block:
      case EVENT.try:
        return this.open(false);
      case EVENT.if:
        return this.openIf();
      case EVENT.else:
        return this.turn();
      case EVENT.catch:
        return this.land();
      case EVENT.end:
        return this.close(event);
      case EVENT.branch:
        this.branch(event);
        return this.stop();
      case EVENT.branchIf:
        return this.branch(event);
      case EVENT.catchClause:
        return this.join(events.argument(event), LANDING_NS, NEVER);
      case EVENT.return:
        return this.leave(event);
      case EVENT.throw:
        this.check(event, CHECK_BEFORE);
        return this.stop();
      case EVENT.unreachable:
        return this.stop();
      default:
        return this.visitWork(event);
    }
  }

  private visitWork(event: number): void {
    const { events } = this;
    switch (events.kind(event)) {
      case EVENT.work:
        return this.spendWhole(event, events.argument(event));
      case EVENT.memoryGrow:
        return this.spendWhole(event, WEIGHT.memoryGrow);
      case EVENT.tableGrow:
        return this.spendWhole(event, WEIGHT.tableBulk);
      case EVENT.memoryFill:
      case EVENT.memoryCopy:
      case EVENT.memoryInit:
        return this.call(event, BULK_COST);
      case EVENT.tailCall:
      case EVENT.tailCallIndirect:
        return this.tailCall(event);
      default: {
        const cost = this.task.costOf(event);
        if (cost !== null) this.call(event, cost);
      }
    }
  }

  private spend(weight: number): void {
    this.since += weight;
    this.fresh += weight;
    this.longest = Math.max(this.longest, this.since);
  }

  /** One instruction that nothing interrupts. */
  private spendWhole(event: number, weight: number): void {
    if (this.since + weight > STRETCH_NS) this.check(event, CHECK_BEFORE);
    this.spend(Math.min(weight, STRETCH_NS));
  }

  /**
   * A check on the path: what came before it counts no longer. Nothing reaches dead code, so it needs none.
   */
  private check(event: number, where: number): void {
    if (this.since === NEVER) return;
    const { marks } = this.task;
    if (marks !== null) marks[event] = (marks[event] ?? 0) | where;
    this.before = Math.max(this.before, this.fresh);
    this.since = 0;
    this.fresh = NEVER;
  }

  private call(event: number, { before, through, after }: CallCost): void {
    if (this.since + before > STRETCH_NS) {
      if (this.events.isFinal(event) && this.task.guardCallee(event)) return this.end();
      this.check(event, CHECK_BEFORE);
    }
    if (this.since === NEVER) return;
    this.longest = Math.max(this.longest, Math.min(this.since + before, STRETCH_NS));
    this.before = Math.max(this.before, this.fresh + Math.min(before, STRETCH_NS));
    this.since = Math.max(this.since + through, after);
    this.fresh += through;
    this.longest = Math.max(this.longest, this.since);
  }

  /** The callee reads the kill word and does not return. */
  private end(): void {
    this.before = Math.max(this.before, this.fresh);
    this.stop();
  }

  private tailCall(event: number): void {
    if (this.task.checksExit !== null) this.check(event, CHECK_BEFORE);
    const cost = this.task.costOf(event);
    if (cost !== null) this.call(event, cost);
    this.exit();
  }

  private open(isLoop: boolean): void {
    this.labels.push({ since: NEVER, fresh: NEVER, savedSince: NEVER, savedFresh: NEVER, isLoop });
  }

  private openIf(): void {
    const { since, fresh } = this;
    this.labels.push({ since: NEVER, fresh: NEVER, savedSince: since, savedFresh: fresh, isLoop: false });
  }

  /** The first arm of an `if` ends here, the second begins. */
  private turn(): void {
    const label = this.labels.at(-1);
    if (label === undefined) return;
    this.join(0, this.since, this.fresh);
    this.since = label.savedSince;
    this.fresh = label.savedFresh;
    label.savedSince = label.savedFresh = NEVER;
  }

  /** The body of a `try`, or one of its handlers, ends here, and a handler begins. */
  private land(): void {
    this.join(0, this.since, this.fresh);
    this.since = LANDING_NS;
    this.fresh = NEVER;
  }

  private close(event: number): void {
    const isBody = this.labels.length === 1;
    if (isBody && this.task.checksExit === "ways") this.check(event, CHECK_BEFORE);
    const label = this.labels.pop();
    if (label !== undefined) {
      this.since = Math.max(this.since, label.since, label.savedSince);
      this.fresh = Math.max(this.fresh, label.fresh, label.savedFresh);
    }
    if (!isBody) return;
    if (this.task.checksExit === "block" && this.since !== NEVER) this.checkAtExit();
    this.exit();
  }

  private checkAtExit(): void {
    this.before = Math.max(this.before, this.fresh);
    this.since = 0;
    this.fresh = NEVER;
  }

  private branch(event: number): void {
    const depth = this.events.argument(event);
    const leaves = depth === this.labels.length - 1;
    if (leaves && this.task.checksExit === "ways") this.check(event, CHECK_BEFORE);
    this.join(depth, this.since, this.fresh);
  }

  /** Every branch back to a loop reaches its check. */
  private join(depth: number, since: number, fresh: number): void {
    const label = this.labels[this.labels.length - 1 - depth];
    if (label === undefined || label.isLoop) return;
    label.since = Math.max(label.since, since);
    label.fresh = Math.max(label.fresh, fresh);
  }

  private leave(event: number): void {
    if (this.task.checksExit !== null) this.check(event, CHECK_BEFORE);
    this.exit();
  }

  private exit(): void {
    this.before = Math.max(this.before, this.fresh);
    this.through = Math.max(this.through, this.fresh);
    this.after = Math.max(this.after, this.since);
    this.stop();
  }

  private stop(): void {
    this.since = NEVER;
    this.fresh = NEVER;
  }
}

/** The appended functions check before each slice. */
const BULK_COST: CallCost = { before: WEIGHT.call, through: NEVER, after: WEIGHT.bulkSlice };
