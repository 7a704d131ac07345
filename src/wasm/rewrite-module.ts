// Turns an accepted module into the one that the engine runs: same behavior, within limits, interruptible,
// resettable.
import { TerrariumError } from "../errors/index.ts";
import {
  checkCode,
  checkExports,
  checkImports,
  checkIsProgram,
  checkMemoriesAndTables,
  validateWithV8,
  type HostImportTypes,
  type ModuleLimits,
} from "./checks/accept-module.ts";
import { checkShape } from "./checks/module-shape.ts";
import { ByteWriter } from "./writing/byte-writer.ts";
import { CallGraph } from "./scanning/call-graph.ts";
import { compilationHints } from "./writing/compilation-hints.ts";
import type { CodeSummary } from "./scanning/code-summary.ts";
import { writeCodeSection, type CodeSection, type Instruments } from "./writing/code-section.ts";
import { findDeepStack } from "./writing/deep-stack.ts";
import { clampMemory, clampTables, describeMemory, describeMutableState } from "./writing/describe-module.ts";
import type { ModuleLayout } from "./layout.ts";
import type { ModuleModel } from "./reading/module-model.ts";
import { readModule } from "./reading/read-module.ts";
import { scanCode } from "./scanning/scan-body.ts";
import { stackBound } from "./scanning/stack-bound.ts";
import { HEADER, SECTION, SECTION_ORDER } from "./reading/sections.ts";
import { BULK_TYPE, START_TYPE, SectionWriter } from "./writing/section-writer.ts";

/** What the caller decides. */
export interface RewriteOptions extends ModuleLimits {
  readonly hostImports: HostImportTypes;
  /** Loops, recursion and bulk operations read the kill word. */
  readonly interruptible: boolean;
}

/** A module ready for the engine. */
export interface RewrittenModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: ModuleLayout;
  /** For `decodeCodeMap`. */
  readonly codeMap: Uint8Array;
}

/** Checks and rewrites a module. Throws TER_WASM_*, which names the problem. */
export function rewriteModule(bytes: Uint8Array, options: RewriteOptions): RewrittenModule {
  const module = preferringV8(bytes, () => readModule(bytes));
  checkShape(module);
  checkIsProgram(module);
  const hostImports = checkImports(module, options.hostImports);
  checkMemoriesAndTables(module, options);
  const stack = findDeepStack(module);
  const summary = preferringV8(bytes, () => scanCode(module, stack?.pointer ?? null));
  checkCode(summary);
  validateWithV8(bytes);
  checkExports(module);
  const graph = new CallGraph(module, summary);
  const layout: ModuleLayout = {
    ...describe(module, summary, hostImports, options),
    stackBytes: stackBound(module, summary, graph),
  };
  const kill = options.interruptible ? (layout.memory === null ? 0 : 1) : null;
  return assemble(module, summary, graph, layout, { kill, stack });
}

/** For bytes that we cannot read, V8's explanation is better than ours. Refused features keep our message. */
function preferringV8<T>(bytes: Uint8Array, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TerrariumError && error.code === "TER_WASM_INVALID") validateWithV8(bytes);
    throw error;
  }
}

function describe(
  module: ModuleModel,
  summary: CodeSummary,
  hostImports: ModuleLayout["hostImports"],
  options: RewriteOptions,
): Omit<ModuleLayout, "stackBytes"> {
  const tables = clampTables(module, options);
  const [table] = tables;
  return {
    version: 1,
    hostImports,
    memory: clampMemory(module, options),
    table: table === undefined ? null : { initial: table.initial, maximum: table.maximum },
    start: module.start !== null,
    initialize: module.exports.some((entry) => entry.kind === "function" && entry.name === "_initialize"),
    interruptible: options.interruptible,
    size: {
      functions: module.functionTypes.length,
      codeBytes: totalBytes(module.bodies),
      dataBytes: totalBytes(module.data.map((segment) => segment.bytes)),
    },
    checks: 0,
    mutable: describeMutableState(module, summary, tables),
    memoryMap: describeMemory(module),
  };
}

function totalBytes(ranges: readonly { readonly start: number; readonly end: number }[]): number {
  return ranges.reduce((sum, range) => sum + range.end - range.start, 0);
}

function assemble(
  module: ModuleModel,
  summary: CodeSummary,
  graph: CallGraph,
  layout: ModuleLayout,
  instruments: Instruments,
): RewrittenModule {
  const { kill, stack } = instruments;
  const importedStart =
    module.start !== null && module.start < module.importedFunctions ? module.start : null;
  const code = writeCodeSection(
    module,
    summary,
    graph,
    instruments,
    importedStart === null ? null : callBody(importedStart),
  );
  const injectedTypes = [
    ...Array<typeof BULK_TYPE>(code.injectedBulk).fill(BULK_TYPE),
    ...code.appendedTypes,
    ...(importedStart === null ? [] : [START_TYPE]),
  ];
  const startFunction =
    importedStart === null
      ? module.start
      : module.functionTypes.length + code.injectedBulk + code.appendedTypes.length;
  const hasDeepStack = stack !== null;
  const sections = new SectionWriter({ module, layout, kill, injectedTypes, startFunction, hasDeepStack });
  const out = new ByteWriter(module.bytes.length + code.contents.length);
  out.bytes(HEADER);
  let newCodeStart = 0;
  for (const id of SECTION_ORDER) {
    const contents = id === SECTION.code ? code.contents : sections.contents(id);
    if (contents === null || contents.length === 0) continue;
    if (id === SECTION.code) writeHints(module, summary, out);
    out.byte(id).unsigned(contents.length);
    if (id === SECTION.code) newCodeStart = out.length;
    out.bytes(contents);
  }
  copyNames(module, out);
  const codeMap = finishMap(module, code, newCodeStart, injectedTypes.length);
  return { bytes: out.view(), layout: { ...layout, checks: code.checks }, codeMap };
}

function writeHints(module: ModuleModel, summary: CodeSummary, out: ByteWriter): void {
  const hints = compilationHints(module, summary);
  if (hints !== null) out.byte(SECTION.custom).unsigned(hints.length).bytes(hints);
}

function finishMap(
  module: ModuleModel,
  code: CodeSection,
  newCodeStart: number,
  injected: number,
): Uint8Array {
  const oldCodeStart = module.sections.find((section) => section.id === SECTION.code)?.start ?? 0;
  return code.map.finish({
    newCodeStart,
    oldCodeStart,
    imported: module.importedFunctions,
    original: module.bodies.length,
    injected,
  });
}

/** Body of a function () -> () that calls another. */
function callBody(target: number): Uint8Array {
  return new ByteWriter().byte(0).byte(0x10).unsigned(target).byte(0x0b).view();
}

/** Indices are unchanged, so names stay correct. Debug information does not, and stays with the original. */
function copyNames(module: ModuleModel, out: ByteWriter): void {
  const names = module.sections.find((section) => section.name === "name");
  if (names === undefined) return;
  const content = new ByteWriter(names.end - names.start + 8)
    .name("name")
    .copy(module.bytes, names.start, names.end);
  out.byte(SECTION.custom).unsigned(content.length).bytes(content.view());
}
