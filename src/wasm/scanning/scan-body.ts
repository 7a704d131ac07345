// One pass over each function body: finds loops, calls and bulk operations, and refuses what is not accepted.
import { ByteReader } from "../reading/byte-reader.ts";
import { CodeSummary, SLOW_WORK } from "./code-summary.ts";
import { maximumRounds } from "./counted-loop.ts";
import { EVENT } from "./event-log.ts";
import { MISC, OP, SHAPE, SHAPES, foreignInstruction, foreignSimdInstruction } from "./instructions.ts";
import type { ValueType } from "../layout.ts";
import type { ModuleModel, Range } from "../reading/module-model.ts";
import { readHeapType, readValueType, unsupported } from "../reading/value-types.ts";

/** Bulk operations of at most this constant size stay as they are. */
const SMALL_BULK_BYTES = 4096;
const NO_LOOP = -1;
const NO_BRANCH = -1;
const SEVERAL = -2;
/** A loop that does at most so much in all, in bytes of code, needs no check: some 10 us. */
const SMALL_LOOP_COST = 32_768;

/** Reads all bodies. Throws TER_WASM_UNSUPPORTED and TER_WASM_INVALID. */
export function scanCode(module: ModuleModel): CodeSummary {
  const summary = new CodeSummary(module);
  const scanner = new BodyScanner(module, summary);
  for (const body of module.bodies) {
    scanner.scan(body);
  }
  summary.finish();
  return summary;
}

/** Decodes instruction by instruction. Trusts validation for types, but not for its own idea of lengths. */
class BodyScanner {
  private readonly module: ModuleModel;
  private readonly bytes: Uint8Array;
  private readonly reader: ByteReader;
  private readonly summary: CodeSummary;
  /** For each open block: the event of its loop, or `NO_LOOP`. */
  private readonly labels: number[] = [];
  /**
   * For each open loop: its only branch back so far, `NO_BRANCH`, or `SEVERAL` if it cannot be the only one.
   */
  private readonly branches: number[] = [];
  /** What was known when each open loop was entered. */
  private readonly initial = new Map<number, ReadonlyMap<number, number>>();
  /** Locals that were set to a constant on the way here, since control last came from elsewhere. */
  private readonly known = new Map<number, number>();
  private constantStart = 0;
  private constantEnd = 0;
  private callEvent = 0;
  private callEnd = 0;

  constructor(module: ModuleModel, summary: CodeSummary) {
    this.module = module;
    this.bytes = module.bytes;
    this.reader = new ByteReader(module.bytes);
    this.summary = summary;
  }

  scan({ start, end }: Range): void {
    const { bytes, labels } = this;
    labels.length = 0;
    labels.push(NO_LOOP);
    this.known.clear();
    const locals = this.readLocals(start, end);
    let at = locals.end;
    this.summary.beginFunction(at, locals.count);
    while (at < end) {
      const opcode = bytes[at] ?? 0;
      const after = at + 1;
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

  private skipMemoryArgument(at: number): number {
    if (((this.bytes[at] ?? 0) & 0x40) !== 0) throw unsupported("more than one memory");
    return skipInteger(this.bytes, skipInteger(this.bytes, at));
  }

  /** Instructions with a meaning for us; returns where the next one starts. */
  private special(opcode: number, at: number): number {
    const { bytes, labels, summary } = this;
    const after = at + 1;
    switch (opcode) {
      case OP.unreachable:
        if (this.callEnd === at) summary.events.markFinal(this.callEvent);
        return after;
      case OP.return:
        summary.events.add(EVENT.return, at, after, 0);
        return after;
      case OP.end:
        this.leaveBlock();
        return after;
      case OP.block:
      case OP.if:
        labels.push(NO_LOOP);
        return this.skipBlockType(after);
      case OP.else:
        this.known.clear();
        return after;
      case OP.loop:
        return this.enterLoop(at);
      case OP.br:
      case OP.brIf:
      case OP.brOnNull:
      case OP.brOnNonNull:
        return this.branch(opcode, at);
      case OP.brTable:
        return this.branchTable(after);
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
        return this.grow(EVENT.memoryGrow, at, skipInteger(bytes, after), 0);
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
        this.labels.push(NO_LOOP);
        return this.skipBlockType(after);
      case OP.tryTable:
        return this.tryTable(after);
      case OP.catchAll:
        this.known.clear();
        return after;
      case OP.catch:
        this.known.clear();
        return skipInteger(this.bytes, after);
      case OP.delegate:
        this.leaveBlock();
        return skipInteger(this.bytes, after);
      case OP.throwRef:
        this.summary.exceptions = true;
        return this.work(at, after, SLOW_WORK.throw);
      default:
        return this.work(at, skipInteger(this.bytes, after), SLOW_WORK.throw);
    }
  }

  private valueType(reader: ByteReader): void {
    this.noteType(readValueType(reader));
  }

  private noteType(type: ValueType): void {
    if (type === "exnref") this.summary.exceptions = true;
  }

  private skipBlockType(at: number): number {
    const byte = this.bytes[at] ?? 0;
    if (byte === 0x40) return at + 1;
    if (byte >= 0x80 || byte < 0x40) return skipInteger(this.bytes, at);
    this.reader.position = at;
    this.valueType(this.reader);
    return this.reader.position;
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
    const event = this.summary.events.add(EVENT.loop, at, inside, 0);
    this.labels.push(event);
    this.branches.push(NO_BRANCH);
    if (this.known.size > 0) {
      this.initial.set(event, new Map(this.known));
      this.known.clear();
    }
    return inside;
  }

  private leaveBlock(): void {
    const label = this.labels.pop();
    if (this.known.size > 0) this.known.clear();
    if (label === undefined || label === NO_LOOP) return;
    const branch = this.branches.pop() ?? SEVERAL;
    const initial = this.initial.get(label);
    this.initial.delete(label);
    if (branch >= 0) this.judgeLoop(label, branch, initial);
  }

  /** A loop that contains nothing of interest, and ends soon by itself, is plain work. */
  private judgeLoop(event: number, branch: number, initial: ReadonlyMap<number, number> | undefined): void {
    const { events } = this.summary;
    if (events.length !== event + 1) return;
    const start = events.end(event);
    const cost = maximumRounds(this.bytes, start, branch, (local) => initial?.get(local)) * (branch - start);
    if (cost <= SMALL_LOOP_COST) events.makeWork(event, cost);
  }

  /** `conditional` is where a br_if stands, or `SEVERAL` for other kinds of branches. */
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
    return this.reader.position;
  }

  private branchTable(at: number): number {
    const { reader } = this;
    reader.position = at;
    for (let left = reader.unsigned(); left >= 0; left--) this.markBranch(reader.unsigned());
    return reader.position;
  }

  /** A catch clause's label is counted from outside the block that holds it. */
  private tryTable(at: number): number {
    const { reader } = this;
    this.summary.exceptions = true;
    reader.position = this.skipBlockType(at);
    for (let left = reader.unsigned(); left > 0; left--) {
      const kind = reader.byte();
      if (kind > 3) throw unsupported(`a catch clause of an unknown kind (${kind})`);
      if (kind < 2) reader.unsigned();
      this.markBranch(reader.unsigned());
    }
    this.labels.push(NO_LOOP);
    return reader.position;
  }

  private call(kind: number, at: number): number {
    const target = this.unsignedAt(at + 1);
    const indirect = kind === EVENT.callIndirect || kind === EVENT.tailCallIndirect;
    const after = indirect ? skipInteger(this.bytes, this.reader.position) : this.reader.position;
    this.callEvent = this.summary.events.add(kind, at, after, target);
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
    const size = this.constantEnd === at ? this.constantAt() : -1;
    const small =
      (size >= 0 && size <= SMALL_BULK_BYTES) || (kind === EVENT.memoryInit && this.isSmallSegment(first));
    if (small) this.work(at, after, SLOW_WORK.smallBulk);
    else this.summary.events.add(kind, at, after, first);
    return after;
  }

  /** An initialisation cannot move more than its segment holds. */
  private isSmallSegment(index: number): boolean {
    const bytes = this.module.data[index]?.bytes;
    return bytes === undefined || bytes.end - bytes.start <= SMALL_BULK_BYTES;
  }

  private tableBulk(opcode: number, at: number): number {
    if (opcode > MISC.tableFill) throw unsupported(`the unknown instruction 0xfc ${opcode}`);
    this.summary.writesTables = true;
    if (opcode === MISC.tableGrow) return this.growTable(at);
    const operands = opcode === MISC.tableInit || opcode === MISC.tableCopy ? 2 : 1;
    let after = this.reader.position;
    for (let operand = 0; operand < operands; operand++) after = skipInteger(this.bytes, after);
    return this.work(at, after, SLOW_WORK.tableBulk);
  }

  private growTable(at: number): number {
    this.summary.growsTables = true;
    const table = this.unsignedAt(this.reader.position);
    return this.grow(EVENT.tableGrow, at, this.reader.position, table);
  }

  private grow(kind: number, at: number, after: number, table: number): number {
    this.summary.events.add(kind, at, after, table);
    return after;
  }

  private work(at: number, after: number, cost: number): number {
    this.summary.events.add(EVENT.work, at, after, cost);
    return after;
  }

  private unsignedAt(at: number): number {
    this.reader.position = at;
    return this.reader.unsigned();
  }

  private constantAt(): number {
    this.reader.position = this.constantStart + 1;
    return this.reader.signed32();
  }
}

function skipInteger(bytes: Uint8Array, at: number): number {
  let position = at;
  while ((bytes[position++] ?? 0) >= 0x80);
  return position;
}
