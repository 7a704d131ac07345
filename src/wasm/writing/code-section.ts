// Writes the code section: bodies as they were, with checks put in, and bulk operations and growth replaced
// by calls.
import { bulkFunctionBody, type BulkOperation } from "./bulk-functions.ts";
import { ByteWriter, unsignedLength } from "./byte-writer.ts";
import type { CallGraph } from "../scanning/call-graph.ts";
import { CHECK_AFTER, CHECK_BEFORE } from "./function-walk.ts";
import { GUARD_ENTRY, GUARD_EXIT, chooseChecks, chooseNothing, type ChosenChecks } from "./choose-checks.ts";
import type { CodeSummary } from "../scanning/code-summary.ts";
import { CodeMapWriter } from "./code-map.ts";
import { DEEP_STACK_TYPE, type DeepStack, frameGuard, placeFunctionBody } from "./deep-stack.ts";
import { EVENT } from "../scanning/event-log.ts";
import { type GrowthFunction, GrowthFunctions } from "./growth-functions.ts";
import { killCheck, type KillMemory } from "./kill-check.ts";
import type { FunctionType } from "../layout.ts";
import type { ModuleModel, Range } from "../reading/module-model.ts";
import { TYPE_BYTES } from "../reading/value-types.ts";

/** `block`, its type, and `end`. */
const BLOCK_BYTES = 3;

/** What the code section became. */
export interface CodeSection {
  /** The section's contents; empty if there are no functions. */
  readonly contents: Uint8Array;
  readonly map: CodeMapWriter;
  readonly checks: number;
  /** Functions appended after the original ones, of type (i32 i32 i32) -> (). */
  readonly injectedBulk: number;
  /** Types of the functions appended after those. */
  readonly appendedTypes: readonly FunctionType[];
}

/** What decides about the instructions that are put in. */
export interface Instruments {
  /** Null: not interruptible, bodies keep their loops as they are. */
  readonly kill: KillMemory | null;
  /** The stack that may go on in new memory; null if there is none. */
  readonly stack: DeepStack | null;
}

/** Instruments all bodies. */
export function writeCodeSection(
  module: ModuleModel,
  summary: CodeSummary,
  graph: CallGraph,
  instruments: Instruments,
  startCall: Uint8Array | null,
): CodeSection {
  const writer = new CodeWriter(module, summary, graph, instruments);
  return writer.write(startCall);
}

class CodeWriter {
  private readonly module: ModuleModel;
  private readonly summary: CodeSummary;
  private readonly kill: KillMemory | null;
  private readonly stack: DeepStack | null;
  private readonly chosen: ChosenChecks;
  private readonly check: Uint8Array;
  private readonly map = new CodeMapWriter();
  /** Functions to append, by what they do. */
  private readonly bulk = new Map<string, { readonly index: number; readonly operation: BulkOperation }>();
  private readonly growers: GrowthFunctions;
  private readonly out: ByteWriter;
  private checkCount = 0;

  constructor(module: ModuleModel, summary: CodeSummary, graph: CallGraph, { kill, stack }: Instruments) {
    this.module = module;
    this.summary = summary;
    this.kill = kill;
    this.stack = summary.growsMemory ? stack : null;
    this.check = killCheck(kill ?? 0);
    this.growers = new GrowthFunctions(module, summary);
    this.chosen = kill === null ? chooseNothing(module, summary) : chooseChecks(module, summary, graph);
    const codeBytes = module.bodies.reduce((sum, body) => sum + body.end - body.start + 5, 0);
    this.out = new ByteWriter(codeBytes + summary.events.length * 4 + 1024);
  }

  write(startCall: Uint8Array | null): CodeSection {
    this.collectBulk();
    const appendedLast = this.appendedLast();
    const appended = this.bulk.size + appendedLast.length + (startCall === null ? 0 : 1);
    const count = this.module.bodies.length + appended;
    if (count > 0) this.out.unsigned(count);
    this.module.bodies.forEach((body, defined) => this.writeBody(body, defined));
    for (const { operation } of this.bulk.values())
      this.appendBody(bulkFunctionBody(operation, this.kill ?? 0));
    for (const { body } of appendedLast) this.appendBody(body);
    if (startCall !== null) this.appendBody(startCall);
    return {
      contents: this.out.view(),
      map: this.map,
      checks: this.checkCount,
      injectedBulk: this.bulk.size,
      appendedTypes: appendedLast.map(({ type }) => type),
    };
  }

  private appendedLast(): GrowthFunction[] {
    const { growers, module, stack } = this;
    if (stack === null) return growers.functions;
    return [...growers.functions, { type: DEEP_STACK_TYPE, body: placeFunctionBody(module, stack) }];
  }

  /** What goes before the instruction of an event; null if nothing does. */
  private guard(event: number): Uint8Array | null {
    const { bulk, growers, module, stack, summary } = this;
    if (stack === null || summary.events.kind(event) !== EVENT.frame) return null;
    const place = module.functionTypes.length + bulk.size + growers.count;
    return frameGuard(stack, summary.events.argument(event), place);
  }

  /**
   * Which functions are needed must be known before the first body is written: its size depends on their
   * indices.
   */
  private collectBulk(): void {
    const { events } = this.summary;
    for (let event = 0; event < events.length; event++) {
      if (this.isBulk(event)) this.bulkIndex(event);
    }
  }

  private isBulk(event: number): boolean {
    const kind = this.summary.events.kind(event);
    return (
      this.kill !== null &&
      (kind === EVENT.memoryFill || kind === EVENT.memoryCopy || kind === EVENT.memoryInit)
    );
  }

  private bulkIndex(event: number): number {
    const operation = this.bulkOperation(event);
    const key = operation.kind === "init" ? `init ${operation.segment}` : operation.kind;
    const known = this.bulk.get(key);
    if (known !== undefined) return known.index;
    const index = this.module.functionTypes.length + this.bulk.size;
    this.bulk.set(key, { index, operation });
    return index;
  }

  /** The appended function that stands for an instruction; null if the instruction stays. */
  private replacement(event: number): number | null {
    if (this.isBulk(event)) return this.bulkIndex(event);
    const slot = this.growers.slotOf(event);
    return slot === null ? null : this.module.functionTypes.length + this.bulk.size + slot;
  }

  private bulkOperation(event: number): BulkOperation {
    const { events } = this.summary;
    if (events.kind(event) === EVENT.memoryFill) return { kind: "fill" };
    if (events.kind(event) === EVENT.memoryCopy) return { kind: "copy" };
    const segment = events.argument(event);
    const bytes = this.module.data[segment]?.bytes;
    return { kind: "init", segment, segmentBytes: bytes === undefined ? 0 : bytes.end - bytes.start };
  }

  private appendBody(body: Uint8Array): void {
    this.map.body(body.length);
    this.out.unsigned(body.length).bytes(body);
  }

  private writeBody(body: Range, defined: number): void {
    const { out, map } = this;
    const size = body.end - body.start + this.growth(defined);
    map.body(size);
    out.unsigned(size);
    map.mark(out.length, body.start);
    const { from, to } = this.summary.eventsOf(defined);
    const exit = this.blockType(defined);
    let copied = body.start;
    if (this.guards(defined, GUARD_ENTRY))
      copied = this.insertCheck(
        copied,
        this.summary.codeStart[defined] ?? 0,
        exit === null ? [] : [0x02, exit],
      );
    for (let event = from; event < to; event++) copied = this.edit(event, copied);
    if (exit !== null) copied = this.insertCheck(copied, body.end - 1, [], [0x0b]);
    out.copy(this.module.bytes, copied, body.end);
  }

  private guards(defined: number, guard: number): boolean {
    return ((this.chosen.atFunctions[defined] ?? 0) & guard) !== 0;
  }

  /**
   * Type of the block that a body with a check at its exit becomes: branches to the function's own label then
   * end at the check. Null if the function has none.
   */
  private blockType(defined: number): number | null {
    if (!this.guards(defined, GUARD_EXIT)) return null;
    const { functionTypes, importedFunctions, types } = this.module;
    const [result] = types[functionTypes[importedFunctions + defined] ?? 0]?.results ?? [];
    return result === undefined ? 0x40 : TYPE_BYTES[result];
  }

  /** Bytes that the edits of a function add. */
  private growth(defined: number): number {
    const { events } = this.summary;
    const { from, to } = this.summary.eventsOf(defined);
    let growth = this.guards(defined, GUARD_ENTRY) ? this.check.length : 0;
    if (this.guards(defined, GUARD_EXIT)) growth += this.check.length + BLOCK_BYTES;
    for (let event = from; event < to; event++) {
      const check = this.chosen.atEvents[event] ?? 0;
      if ((check & CHECK_BEFORE) !== 0) growth += this.check.length;
      if ((check & CHECK_AFTER) !== 0) growth += this.check.length;
      const replacement = this.replacement(event);
      if (replacement !== null)
        growth += 1 + unsignedLength(replacement) - (events.end(event) - events.start(event));
      growth += this.guard(event)?.length ?? 0;
    }
    return growth;
  }

  /** Writes what the event needs; returns up to where the original is copied. */
  private edit(event: number, copied: number): number {
    const { events } = this.summary;
    const check = this.chosen.atEvents[event] ?? 0;
    const replacement = this.replacement(event);
    const guard = this.guard(event);
    if (check === 0 && replacement === null && guard === null) return copied;
    let done = copied;
    if ((check & CHECK_BEFORE) !== 0) done = this.insertCheck(done, events.start(event));
    if (guard !== null) done = this.insert(done, events.start(event), guard);
    if (replacement !== null) done = this.replaceByCall(event, replacement, done);
    if ((check & CHECK_AFTER) !== 0) done = this.insertCheck(done, events.end(event));
    return done;
  }

  /** Copies up to `at`, then writes a check with other bytes around it. */
  private insertCheck(
    copied: number,
    at: number,
    behind: ArrayLike<number> = [],
    before: ArrayLike<number> = [],
  ): number {
    this.checkCount++;
    return this.insert(copied, at, before, this.check, behind);
  }

  /** Copies up to `at`, then writes other bytes. */
  private insert(copied: number, at: number, ...pieces: readonly ArrayLike<number>[]): number {
    this.out.copy(this.module.bytes, copied, at);
    for (const piece of pieces) this.out.bytes(piece);
    this.map.mark(this.out.length, at);
    return at;
  }

  private replaceByCall(event: number, replacement: number, copied: number): number {
    const { events } = this.summary;
    this.out.copy(this.module.bytes, copied, events.start(event));
    this.out.byte(0x10).unsigned(replacement);
    this.map.mark(this.out.length, events.end(event));
    return events.end(event);
  }
}
