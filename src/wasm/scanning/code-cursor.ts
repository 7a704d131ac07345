// Reads the parts of function bodies, and records what it finds.
import { ByteReader } from "../reading/byte-reader.ts";
import type { CodeSummary } from "./code-summary.ts";
import type { FunctionType, ValueType } from "../layout.ts";
import type { ModuleModel } from "../reading/module-model.ts";
import { EVENT } from "./event-log.ts";
import { FrameWatch } from "./frame-watch.ts";
import { OP } from "./instructions.ts";
import { WEIGHT } from "./weights.ts";
import { readValueType, unsupported } from "../reading/value-types.ts";

/** A position in the code of a module, and the events found so far. */
export class CodeCursor {
  protected readonly module: ModuleModel;
  protected readonly bytes: Uint8Array;
  protected readonly reader: ByteReader;
  protected readonly summary: CodeSummary;
  /** The function's cost so far, and its cost at the last event. */
  protected weight = 0;
  protected noted = 0;
  protected blockArity = 0;

  private readonly frames: FrameWatch | null;

  constructor(module: ModuleModel, summary: CodeSummary, stackPointer: number | null) {
    this.module = module;
    this.bytes = module.bytes;
    this.reader = new ByteReader(module.bytes);
    this.summary = summary;
    this.frames = stackPointer === null ? null : new FrameWatch(stackPointer);
  }

  protected skipMemoryArgument(at: number): number {
    if (((this.bytes[at] ?? 0) & 0x40) !== 0) throw unsupported("more than one memory");
    return skipInteger(this.bytes, skipInteger(this.bytes, at));
  }

  protected valueType(reader: ByteReader): void {
    this.noteType(readValueType(reader));
  }

  protected noteType(type: ValueType): void {
    if (type === "exnref") this.summary.exceptions = true;
  }

  /** Stores how many values cross the block's boundaries in `blockArity`. */
  protected skipBlockType(at: number): number {
    const byte = this.bytes[at] ?? 0;
    this.blockArity = byte === 0x40 ? 0 : 1;
    if (byte === 0x40) return at + 1;
    this.reader.position = at;
    if (byte >= 0x80 || byte < 0x40) {
      this.blockArity = arity(this.module.types[this.reader.unsigned()]);
      return this.reader.position;
    }
    this.valueType(this.reader);
    return this.reader.position;
  }

  /** Adds an event with the weight of the code since the last one. */
  protected note(kind: number, at: number, after: number, argument = 0): number {
    const weight = Math.ceil(this.weight - this.noted);
    this.noted = this.weight;
    return this.summary.events.add(kind, at, after, argument, weight);
  }

  /** Notes the frame that begins with the instruction, if one does. */
  protected watch(opcode: number, at: number, after: number): void {
    const { frames } = this;
    if (frames === null) return;
    const hasIndex = opcode >= OP.localGet && opcode <= OP.globalSet;
    const frame = frames.see(opcode, hasIndex ? this.unsignedAt(at + 1) : -1, at, after);
    if (frame === null) return;
    this.summary.growsMemory = true;
    this.weight += WEIGHT.frame;
    this.note(
      EVENT.frame,
      frame.at,
      frame.at,
      frame.local < 0 ? -1 : frame.local * 2 + (frame.isTee ? 1 : 0),
    );
  }

  protected plainEvent(kind: number, at: number, after: number): number {
    this.note(kind, at, after);
    return after;
  }

  protected unsignedAt(at: number): number {
    this.reader.position = at;
    return this.reader.unsigned();
  }
}

function arity(type: FunctionType | undefined): number {
  return type === undefined ? 0 : Math.max(type.params.length, type.results.length);
}

export function skipInteger(bytes: Uint8Array, at: number): number {
  let position = at;
  while ((bytes[position++] ?? 0) >= 0x80);
  return position;
}

/** How many results a defined function has. */
export function resultsOf(module: ModuleModel, defined: number): number {
  const type = module.functionTypes[module.importedFunctions + defined];
  return module.types[type ?? -1]?.results.length ?? 0;
}

/** How many values a call passes in memory. */
export function stackValues(type: FunctionType | undefined): number {
  if (type === undefined) return 0;
  const { params, results } = type;
  return Math.max(0, params.length - WEIGHT.registers) + Math.max(0, results.length - 1);
}
