// Functions that the rewriter appends in place of `memory.grow` and `table.grow`: they do the same, and
// record a growth that was refused. A program that runs out of memory often traps much later, somewhere else;
// the record names the limit.
import { ByteWriter } from "./byte-writer.ts";
import type { CodeSummary } from "../scanning/code-summary.ts";
import { EVENT } from "../scanning/event-log.ts";
import type { FunctionType } from "../layout.ts";
import type { ModuleModel } from "../reading/module-model.ts";

/**
 * What the upper half of the note says; the lower half is how much was asked for. `stack`: there was no room
 * for a frame.
 */
export const NOTED = { memory: 1, firstTable: 2, stack: 0x7fff_ffff } as const;

/** A function to append, and its type. */
export interface GrowthFunction {
  readonly type: FunctionType;
  readonly body: Uint8Array;
}

/** The functions that a module needs, by what they grow. */
export class GrowthFunctions {
  private readonly module: ModuleModel;
  private readonly summary: CodeSummary;
  private readonly slots = new Map<number, number>();

  constructor(module: ModuleModel, summary: CodeSummary) {
    this.module = module;
    this.summary = summary;
    for (let event = 0; event < summary.events.length; event++) {
      const subject = this.subject(event);
      if (subject !== null && !this.slots.has(subject)) this.slots.set(subject, this.slots.size);
    }
  }

  get count(): number {
    return this.slots.size;
  }

  /** In the order in which they have to be appended. */
  get functions(): GrowthFunction[] {
    return [...this.slots.keys()].map((subject) => this.write(subject));
  }

  /** Position among these functions of the one that replaces an event; null if the event grows nothing. */
  slotOf(event: number): number | null {
    const subject = this.subject(event);
    return subject === null ? null : (this.slots.get(subject) ?? null);
  }

  private subject(event: number): number | null {
    const { events } = this.summary;
    if (events.kind(event) === EVENT.memoryGrow) return NOTED.memory;
    return events.kind(event) === EVENT.tableGrow ? NOTED.firstTable + events.argument(event) : null;
  }

  private write(subject: number): GrowthFunction {
    const table = this.module.tables[subject - NOTED.firstTable];
    const params = table === undefined ? (["i32"] as const) : ([table.type, "i32"] as const);
    const [size, result] = [params.length - 1, params.length];
    const out = new ByteWriter(48).bytes([0x01, 0x01, 0x7f]); // one i32 local: the result
    params.forEach((_, parameter) => out.bytes([0x20, parameter]));
    if (table === undefined) out.bytes([0x40, 0x00]);
    else out.bytes([0xfc, 0x0f]).unsigned(subject - NOTED.firstTable);
    // local.tee result, i32.const -1, i32.eq, if
    out.bytes([0x22, result, 0x41, 0x7f, 0x46, 0x04, 0x40]);
    // local.get size, i64.extend_i32_u, note, end
    out.bytes(noteOf(this.module, subject, [0x20, size, 0xad])).byte(0x0b);
    out.bytes([0x20, result, 0x0b]);
    return { type: { params, results: ["i32"] }, body: out.view() };
  }
}

/** Instructions that write the note. `amount`: those that leave it on the operand stack, as an i64. */
export function noteOf(module: ModuleModel, subject: number, amount: readonly number[]): Uint8Array {
  // i64.const subject, i64.const 32, i64.shl, amount, i64.or, global.set
  const out = new ByteWriter(32).byte(0x42).signed32(subject).bytes([0x42, 0x20, 0x86]);
  return out.bytes(amount).bytes([0x84, 0x24]).unsigned(noteIndex(module)).view();
}

/** Index of the global that holds the note: it comes after the module's own. */
export function noteIndex(module: ModuleModel): number {
  return module.globals.length;
}

/** The note's entry in the global section: a mutable i64, 0 until a growth is refused. */
export const NOTE_GLOBAL = Uint8Array.of(0x7e, 0x01, 0x42, 0x00, 0x0b);
