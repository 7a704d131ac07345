// What one pass over all function bodies found.
import { EventLog } from "./event-log.ts";
import type { ModuleModel } from "../reading/module-model.ts";

/** What the code uses, and the instructions that matter for rewriting, function by function. */
export class CodeSummary {
  readonly events = new EventLog();
  /** `firstEvent[i]` to `firstEvent[i + 1]` are the events of defined function i. */
  readonly firstEvent: Uint32Array;
  /** Where the code of each defined function starts, after its locals. */
  readonly codeStart: Uint32Array;
  /** How many locals each defined function declares, not counting parameters. */
  readonly locals: Float64Array;
  /** 1 for each function whose reference may be in a table. */
  readonly addressTaken: Uint8Array;
  simd = false;
  bulk = false;
  tailCalls = false;
  exceptions = false;
  legacyExceptions = false;
  writesTables = false;
  growsTables = false;
  growsMemory = false;
  dropsSegments = false;
  private functions = 0;

  constructor(module: ModuleModel) {
    this.firstEvent = new Uint32Array(module.bodies.length + 1);
    this.codeStart = new Uint32Array(module.bodies.length);
    this.locals = new Float64Array(module.bodies.length);
    this.addressTaken = new Uint8Array(module.functionTypes.length);
    for (const index of module.referenced) this.reference(index);
    this.exceptions = hasExceptionReferences(module);
  }

  beginFunction(codeStart: number, locals: number): void {
    this.locals[this.functions] = locals;
    this.codeStart[this.functions] = codeStart;
    this.firstEvent[this.functions++] = this.events.length;
  }

  finish(): void {
    this.firstEvent[this.functions] = this.events.length;
  }

  reference(functionIndex: number): void {
    this.addressTaken[functionIndex] = 1;
  }

  /** Events of a defined function. */
  eventsOf(definedIndex: number): { readonly from: number; readonly to: number } {
    return { from: this.firstEvent[definedIndex] ?? 0, to: this.firstEvent[definedIndex + 1] ?? 0 };
  }
}

/** The type exnref belongs to the new exceptions, wherever it appears. */
function hasExceptionReferences({ types, tables, globals }: ModuleModel): boolean {
  const inTypes = types.some(
    ({ params, results }) => params.includes("exnref") || results.includes("exnref"),
  );
  return (
    inTypes || tables.some(({ type }) => type === "exnref") || globals.some(({ type }) => type === "exnref")
  );
}
