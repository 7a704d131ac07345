// One pass over each function body: finds loops, calls and bulk operations, and refuses what is not accepted.
import { ByteReader } from "../reading/byte-reader.ts";
import { CodeCursor, resultsOf, skipInteger, stackValues } from "./code-cursor.ts";
import { CodeSummary } from "./code-summary.ts";
import { maximumRounds } from "./counted-loop.ts";
import { EVENT } from "./event-log.ts";
import { MISC, OP, SHAPE, SHAPES, foreignInstruction, foreignSimdInstruction } from "./instructions.ts";
import { OPCODE_WEIGHTS, WEIGHT, simdWeight } from "./weights.ts";
import type { ModuleModel, Range } from "../reading/module-model.ts";
import { readHeapType, unsupported } from "../reading/value-types.ts";

/** Bulk operations of at most this constant size stay unchanged. */
const SMALL_BULK_BYTES = 4096;
const NO_LOOP = -1;
const NO_BRANCH = -1;
const SEVERAL = -2;
/** A loop whose total work is at most this needs no check. */
const SMALL_LOOP_NS = 200_000;
/** Straight-line code is cut into pieces of this weight, with room for a check between them. */
const PIECE_NS = 100_000;
/** What a counted loop may contain: nothing that itself may need a check. */
const HARMLESS: ReadonlySet<number> = new Set([
  EVENT.block,
  EVENT.if,
  EVENT.else,
  EVENT.end,
  EVENT.branch,
  EVENT.branchIf,
  EVENT.unreachable,
]);

/**
 * Reads all bodies. Throws TER_WASM_UNSUPPORTED and TER_WASM_INVALID. With the index of a stack pointer, it
 * notes where frames begin.
 */
export function scanCode(module: ModuleModel, stackPointer: number | null = null): CodeSummary {
  const summary = new CodeSummary(module);
  const scanner = new BodyScanner(module, summary, stackPointer);
  module.bodies.forEach((body, defined) => scanner.scan(body, defined));
  summary.finish();
  return summary;
}

/** Decodes instruction by instruction. Trusts validation for types, but not for its own idea of lengths. */
class BodyScanner extends CodeCursor {
  /** For each open block: the event of its loop, or `NO_LOOP`. */
  private readonly labels: number[] = [];
  /** For each open block: the most values that a branch to it passes. */
  private readonly arities: number[] = [];
  /** For each open loop: the weight of the function where it begins. */
  private readonly loopWeights: number[] = [];
  /**
   * For each open loop: its only branch back so far, `NO_BRANCH`, or `SEVERAL` if it cannot be the only one.
   */
  private readonly branches: number[] = [];
  /** What was known when each open loop was entered. */
  private readonly initial = new Map<number, ReadonlyMap<number, number>>();
  /** Locals set to a constant since control last arrived from elsewhere. */
  private readonly known = new Map<number, number>();
  private constantStart = 0;
  private constantEnd = 0;
  private callEvent = 0;
  private callEnd = 0;

  scan({ start, end }: Range, defined: number): void {
    const { bytes, labels } = this;
    labels.length = this.arities.length = this.branches.length = this.loopWeights.length = 0;
    labels.push(NO_LOOP);
    this.arities.push(resultsOf(this.module, defined));
    this.known.clear();
    const locals = this.readLocals(start, end);
    this.weight = WEIGHT.entry + WEIGHT.local * locals.count;
    this.noted = 0;
    let at = locals.end;
    this.summary.beginFunction(at, locals.count);
    for (let here = at; at < end; here = at) {
      const opcode = bytes[at] ?? 0;
      const after = at + 1;
      this.weight += OPCODE_WEIGHTS[opcode] ?? 0;
      if (this.weight - this.noted > PIECE_NS) this.note(EVENT.piece, at, at);
      switch (SHAPES[opcode]) {
        case SHAPE.none:
          at = after;
          break;
        case SHAPE.integer:
          at = skipInteger(bytes, after);
          break;
        case SHAPE.memoryArgument:
          at = this.skipMemoryArgument(after);
          break;
        case SHAPE.constant32:
          this.constantStart = at;
          at = this.constantEnd = skipInteger(bytes, after);
          break;
        case SHAPE.localWrite:
          at = this.writeLocal(at);
          break;
        case SHAPE.bytes4:
          at += 5;
          break;
        case SHAPE.bytes8:
          at += 9;
          break;
        case SHAPE.special:
          at = this.special(opcode, at);
          break;
        default:
          throw unsupported(foreignInstruction(opcode));
      }
      this.watch(opcode, here, at);
    }
    if (at !== end || labels.length !== 0)
      throw this.reader.malformed("has a function body that does not end where it should");
  }

  /** How many locals a body declares, and where its code begins. */
  private readLocals(start: number, end: number): { readonly count: number; readonly end: number } {
    const reader = new ByteReader(this.bytes, start, end);
    const groups = reader.unsigned();
    let count = 0;
    for (let group = 0; group < groups; group++) {
      count += reader.unsigned();
      this.valueType(reader);
    }
    return { count, end: reader.position };
  }

  /** Handles instructions that matter here; returns where the next one starts. */
  private special(opcode: number, at: number): number {
    const { bytes, summary } = this;
    const after = at + 1;
    switch (opcode) {
      case OP.unreachable:
        if (this.callEnd === at) summary.events.markFinal(this.callEvent);
        return this.plainEvent(EVENT.unreachable, at, after);
      case OP.return:
        this.weight += WEIGHT.value * (this.arities[0] ?? 0);
        return this.plainEvent(EVENT.return, at, after);
      case OP.end:
        this.leaveBlock();
        return this.plainEvent(EVENT.end, at, after);
      case OP.block:
        return this.enterBlock(EVENT.block, at);
      case OP.if:
        return this.enterBlock(EVENT.if, at);
      case OP.else:
        this.known.clear();
        return this.plainEvent(EVENT.else, at, after);
      case OP.loop:
        return this.enterLoop(at);
      case OP.br:
      case OP.brIf:
      case OP.brOnNull:
      case OP.brOnNonNull:
        return this.branch(opcode, at);
      case OP.brTable:
        return this.branchTable(at);
      case OP.call:
        return this.call(EVENT.call, at);
      case OP.callIndirect:
        return this.call(EVENT.callIndirect, at);
      case OP.returnCall:
        return this.call(EVENT.tailCall, at);
      case OP.returnCallIndirect:
        return this.call(EVENT.tailCallIndirect, at);
      case OP.prefixSimd:
        return this.simd(at);
      case OP.prefixMisc:
        return this.misc(at);
      case OP.selectTyped:
        return this.typedSelect(after);
      case OP.tableSet:
        summary.writesTables = true;
        return skipInteger(bytes, after);
      case OP.memoryGrow:
        summary.growsMemory = true;
        return this.plainEvent(EVENT.memoryGrow, at, skipInteger(bytes, after));
      default:
        return this.referenceOrException(opcode, at);
    }
  }

  private referenceOrException(opcode: number, at: number): number {
    const after = at + 1;
    switch (opcode) {
      case OP.refNull:
        this.reader.position = after;
        this.noteType(readHeapType(this.reader));
        return this.reader.position;
      case OP.refFunc:
        this.summary.reference(this.unsignedAt(after));
        return this.reader.position;
      case OP.try:
        this.summary.legacyExceptions = true;
        this.weight += WEIGHT.tryBlock;
        return this.enterBlock(EVENT.try, at);
      case OP.tryTable:
        return this.tryTable(at);
      case OP.catchAll:
        this.known.clear();
        return this.plainEvent(EVENT.catch, at, after);
      case OP.catch:
        this.known.clear();
        return this.plainEvent(EVENT.catch, at, skipInteger(this.bytes, after));
      case OP.delegate:
        this.leaveBlock();
        return this.plainEvent(EVENT.end, at, skipInteger(this.bytes, after));
      case OP.throwRef:
        this.summary.exceptions = true;
        return this.plainEvent(EVENT.throw, at, after);
      default:
        return this.plainEvent(EVENT.throw, at, skipInteger(this.bytes, after));
    }
  }

  private enterBlock(kind: number, at: number): number {
    const inside = this.skipBlockType(at + 1);
    this.note(kind, at, inside);
    this.labels.push(NO_LOOP);
    this.arities.push(this.blockArity);
    this.weight += WEIGHT.value * this.blockArity;
    return inside;
  }

  private writeLocal(at: number): number {
    const local = this.unsignedAt(at + 1);
    const after = this.reader.position;
    if (this.constantEnd === at) this.known.set(local, this.constantAt());
    else if (this.known.size > 0) this.known.delete(local);
    return after;
  }

  private enterLoop(at: number): number {
    const inside = this.skipBlockType(at + 1);
    const event = this.note(EVENT.loop, at, inside);
    this.labels.push(event);
    this.arities.push(this.blockArity);
    this.branches.push(NO_BRANCH);
    this.loopWeights.push(this.weight);
    if (this.known.size > 0) {
      this.initial.set(event, new Map(this.known));
      this.known.clear();
    }
    return inside;
  }

  private leaveBlock(): void {
    const label = this.labels.pop();
    this.weight += WEIGHT.value * (this.arities.pop() ?? 0);
    if (this.known.size > 0) this.known.clear();
    if (label === undefined || label === NO_LOOP) return;
    const branch = this.branches.pop() ?? SEVERAL;
    const weight = this.weight - (this.loopWeights.pop() ?? 0);
    const initial = this.initial.get(label);
    this.initial.delete(label);
    if (branch >= 0) this.judgeLoop(label, branch, weight, initial);
  }

  /** A loop that contains nothing that may need a check, and ends soon by itself, needs none. */
  private judgeLoop(
    event: number,
    branch: number,
    weight: number,
    initial: ReadonlyMap<number, number> | undefined,
  ): void {
    const { events } = this.summary;
    for (let inner = event + 1; inner < events.length; inner++) if (!HARMLESS.has(events.kind(inner))) return;
    const start = events.end(event);
    const total = maximumRounds(this.bytes, start, branch, (local) => initial?.get(local)) * weight;
    if (total <= SMALL_LOOP_NS) events.makeCountedLoop(event, Math.ceil(total));
  }

  /** `conditional` is the position of a br_if, or `SEVERAL` for other kinds of branches. */
  private markBranch(depth: number, conditional = SEVERAL): void {
    const { labels, branches } = this;
    const label = labels[labels.length - 1 - depth];
    if (label === undefined || label === NO_LOOP) return;
    this.summary.events.setArgument(label, 1);
    // Only a branch directly inside the innermost loop can be the bottom of one; loops around loops are not
    // judged.
    const last = branches.length - 1;
    branches[last] = depth === 0 && branches[last] === NO_BRANCH ? conditional : SEVERAL;
  }

  private branch(opcode: number, at: number): number {
    const depth = this.unsignedAt(at + 1);
    this.markBranch(depth, opcode === OP.brIf ? at : SEVERAL);
    this.weighLabel(depth);
    const kind = opcode === OP.br ? EVENT.branch : EVENT.branchIf;
    this.note(kind, at, this.reader.position, depth);
    return this.reader.position;
  }

  private branchTable(at: number): number {
    const { reader } = this;
    reader.position = at + 1;
    const depths = new Set<number>();
    for (let left = reader.unsigned(); left >= 0; left--) depths.add(reader.unsigned());
    const after = reader.position;
    const [any = 0] = depths;
    this.weighLabel(any); // The labels of a table take the same values.
    for (const depth of depths) {
      this.markBranch(depth);
      this.note(EVENT.branchIf, at, at, depth);
    }
    return this.plainEvent(EVENT.unreachable, at, after);
  }

  private weighLabel(depth: number): void {
    this.weight += WEIGHT.value * (this.arities[this.arities.length - 1 - depth] ?? 0);
  }

  /** A catch clause's label is counted from outside the block that holds it. */
  private tryTable(at: number): number {
    const { reader } = this;
    this.summary.exceptions = true;
    reader.position = this.skipBlockType(at + 1);
    const { blockArity } = this;
    for (let left = reader.unsigned(); left > 0; left--) {
      const kind = reader.byte();
      if (kind > 3) throw unsupported(`a catch clause of an unknown kind (${kind})`);
      if (kind < 2) reader.unsigned();
      const depth = reader.unsigned();
      this.markBranch(depth);
      this.note(EVENT.catchClause, at, at, depth);
    }
    const inside = reader.position;
    this.weight += WEIGHT.tryBlock;
    this.note(EVENT.try, at, inside);
    this.labels.push(NO_LOOP);
    this.arities.push(blockArity);
    return inside;
  }

  private call(kind: number, at: number): number {
    const target = this.unsignedAt(at + 1);
    const indirect = kind === EVENT.callIndirect || kind === EVENT.tailCallIndirect;
    const after = indirect ? skipInteger(this.bytes, this.reader.position) : this.reader.position;
    const type = indirect ? target : this.module.functionTypes[target];
    this.weight += indirect ? WEIGHT.callIndirect : WEIGHT.call;
    this.weight += WEIGHT.value * stackValues(this.module.types[type ?? -1]);
    this.callEvent = this.note(kind, at, after, target);
    this.callEnd = after;
    if (kind === EVENT.tailCall || kind === EVENT.tailCallIndirect) this.summary.tailCalls = true;
    return after;
  }

  private typedSelect(at: number): number {
    this.reader.position = at;
    this.reader.vector(() => this.valueType(this.reader));
    return this.reader.position;
  }

  private simd(at: number): number {
    const opcode = this.unsignedAt(at + 1);
    const after = this.reader.position;
    this.summary.simd = true;
    this.weight += simdWeight(opcode);
    if (opcode <= 11 || opcode === 92 || opcode === 93) return this.skipMemoryArgument(after);
    if (opcode === 12 || opcode === 13) return after + 16;
    if (opcode >= 21 && opcode <= 34) return after + 1;
    if (opcode >= 84 && opcode <= 91) return this.skipMemoryArgument(after) + 1;
    if (opcode > 255) throw unsupported(foreignSimdInstruction(opcode));
    return after;
  }

  private misc(at: number): number {
    const opcode = this.unsignedAt(at + 1);
    const after = this.reader.position;
    this.weight += WEIGHT.drop;
    if (opcode < MISC.memoryInit) return after;
    this.summary.bulk = true;
    switch (opcode) {
      case MISC.memoryInit:
        return this.memoryBulk(EVENT.memoryInit, at, 1);
      case MISC.memoryCopy:
        return this.memoryBulk(EVENT.memoryCopy, at, 1);
      case MISC.memoryFill:
        return this.memoryBulk(EVENT.memoryFill, at, 0);
      case MISC.dataDrop:
      case MISC.elemDrop:
        this.summary.dropsSegments = true;
        return skipInteger(this.bytes, after);
      case MISC.tableSize:
        return skipInteger(this.bytes, after);
      default:
        return this.tableBulk(opcode, at);
    }
  }

  /** The first index is the data segment of `memory.init`; memory indices must be 0. */
  private memoryBulk(kind: number, at: number, moreIndices: number): number {
    const first = this.unsignedAt(this.reader.position);
    const last = moreIndices === 0 ? first : this.reader.unsigned();
    if (last !== 0 || (kind !== EVENT.memoryInit && first !== 0)) throw unsupported("more than one memory");
    const after = this.reader.position;
    const constant = this.constantEnd === at ? this.constantAt() : -1;
    const size = Math.min(
      constant >= 0 ? constant : Infinity,
      kind === EVENT.memoryInit ? this.segmentBytes(first) : Infinity,
    );
    if (size <= SMALL_BULK_BYTES) this.weight += WEIGHT.smallBulk + WEIGHT.smallBulkByte * size;
    else this.note(kind, at, after, first);
    return after;
  }

  /** An initialization cannot move more than its segment holds. */
  private segmentBytes(index: number): number {
    const bytes = this.module.data[index]?.bytes;
    return bytes === undefined ? 0 : bytes.end - bytes.start;
  }

  private tableBulk(opcode: number, at: number): number {
    if (opcode > MISC.tableFill) throw unsupported(`the unknown instruction 0xfc ${opcode}`);
    this.summary.writesTables = true;
    if (opcode === MISC.tableGrow) return this.growTable(at);
    const operands = opcode === MISC.tableInit || opcode === MISC.tableCopy ? 2 : 1;
    let after = this.reader.position;
    for (let operand = 0; operand < operands; operand++) after = skipInteger(this.bytes, after);
    this.note(EVENT.work, at, after, WEIGHT.tableBulk);
    return after;
  }

  private growTable(at: number): number {
    this.summary.growsTables = true;
    const table = this.unsignedAt(this.reader.position);
    this.note(EVENT.tableGrow, at, this.reader.position, table);
    return this.reader.position;
  }

  private constantAt(): number {
    this.reader.position = this.constantStart + 1;
    return this.reader.signed32();
  }
}
