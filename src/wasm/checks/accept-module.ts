// The reasons for refusing a module, each with its own code.
import { HOSTCALL_MODULE } from "../../abi/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { CodeSummary } from "../scanning/code-summary.ts";
import { ENGINE_MODULE, RESERVED_PREFIX, type FunctionType, type HostImport } from "../layout.ts";
import type { Bounds, ImportEntry, ModuleModel } from "../reading/module-model.ts";
import { refuseBindgen } from "./bindgen-imports.ts";
import { showName } from "../reading/names.ts";
import { describeFunctionType, unsupported } from "../reading/value-types.ts";

/** Imports that the platform provides: module, name, type. */
export type HostImportTypes = Readonly<Record<string, Readonly<Record<string, FunctionType>>>>;

/** Upper bounds for what a module may ask for. */
export interface ModuleLimits {
  readonly maxMemoryPages: number;
  /** For all tables together. */
  readonly maxTableEntries: number;
}

/** Throws TER_WASM_INVALID, with V8's own explanation, unless V8 accepts the bytes. */
export function validateWithV8(bytes: Uint8Array): void {
  if (WebAssembly.validate(bytes)) return;
  throw new TerrariumError("TER_WASM_INVALID", { reason: compileError(bytes) });
}

function compileError(bytes: Uint8Array): string {
  try {
    return `V8 refuses it, and yet compiles it as ${String(new WebAssembly.Module(bytes))}`;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^WebAssembly\.Module\(\): /, "") : String(error);
  }
}

/** Throws for an object file or a library for dynamic linking, which are modules but not programs. */
export function checkIsProgram(module: ModuleModel): void {
  const has = (name: string): boolean => module.sections.some((section) => section.name === name);
  if (has("dylink") || has("dylink.0")) throw unsupported("dynamic linking (it has a dylink section)");
  if (has("linking") && module.exports.length === 0) throw new TerrariumError("TER_WASM_OBJECT_FILE");
}

/**
 * Throws unless the platform provides every import, with the right type. Returns the imports without
 * duplicates.
 */
export function checkImports(module: ModuleModel, allowed: HostImportTypes): HostImport[] {
  const seen = new Map<string, HostImport>();
  for (const entry of module.imports) {
    if (isOwnSpace(entry)) continue;
    const host = checkImport(module, entry, allowed);
    seen.set(JSON.stringify([host.module, host.name]), host);
  }
  return [...seen.values()];
}

/** A memory or table that the linker left to the host (`--import-memory`, `--import-table`). */
function isOwnSpace({ module, kind }: ImportEntry): boolean {
  return module === HOSTCALL_MODULE && (kind === "memory" || kind === "table");
}

function checkImport(module: ModuleModel, entry: ImportEntry, allowed: HostImportTypes): HostImport {
  const expected = entry.kind === "function" ? lookUp(allowed, entry) : undefined;
  const names = { module: showName(entry.module), name: showName(entry.name) };
  if (expected === undefined) refuseBindgen(entry, module.imports);
  if (expected === undefined)
    throw new TerrariumError("TER_WASM_UNKNOWN_IMPORT", { kind: entry.kind, ...names });
  const found = describeFunctionType(module.types[entry.type] ?? { params: [], results: [] });
  const wanted = describeFunctionType(expected);
  if (found !== wanted)
    throw new TerrariumError("TER_WASM_IMPORT_TYPE", { ...names, found, expected: wanted });
  return {
    module: entry.module as HostImport["module"],
    name: entry.name,
    params: expected.params,
    results: expected.results,
  };
}

/**
 * Own properties only, because the guest chooses the names. Nothing is ever provided under the engine's
 * module name.
 */
function lookUp(allowed: HostImportTypes, entry: ImportEntry): FunctionType | undefined {
  if (entry.module === ENGINE_MODULE || !Object.hasOwn(allowed, entry.module)) return undefined;
  const functions = allowed[entry.module];
  return functions !== undefined && Object.hasOwn(functions, entry.name) ? functions[entry.name] : undefined;
}

/**
 * Throws for code that V8 accepts only sometimes: it validates functions in parallel and may miss a mixture.
 */
export function checkCode(summary: CodeSummary): void {
  if (summary.exceptions && summary.legacyExceptions)
    throw unsupported("old and new exception instructions at once");
}

/** Throws unless `run` exists and is a function () -> (), and no export has a reserved name. */
export function checkExports(module: ModuleModel): void {
  const reserved = module.exports.find((entry) => entry.name.startsWith(RESERVED_PREFIX));
  if (reserved !== undefined)
    throw new TerrariumError("TER_WASM_RESERVED_NAME", { name: showName(reserved.name) });
  const run = module.exports.find((entry) => entry.name === "run");
  if (run === undefined) throw new TerrariumError("TER_WASM_NO_RUN");
  if (run.kind !== "function") throw new TerrariumError("TER_WASM_RUN_TYPE", { found: `a ${run.kind}` });
  const type = module.types[module.functionTypes[run.index] ?? -1];
  const found = type === undefined ? "a function of an unknown type" : describeFunctionType(type);
  if (found !== "() -> ()") throw new TerrariumError("TER_WASM_RUN_TYPE", { found });
}

/** Throws for memories and tables of kinds or sizes that are not accepted. */
export function checkMemoriesAndTables(module: ModuleModel, limits: ModuleLimits): void {
  if (module.memories.length > 1) throw unsupported("more than one memory");
  for (const { bounds } of module.memories) {
    checkKind(bounds, "memory");
    if (bounds.minimum > limits.maxMemoryPages) {
      throw new TerrariumError("TER_WASM_MEMORY_TOO_LARGE", {
        used: bounds.minimum,
        allowed: limits.maxMemoryPages,
      });
    }
  }
  for (const { bounds } of module.tables) checkKind(bounds, "table");
  const entries = module.tables.reduce((sum, table) => sum + table.bounds.minimum, 0);
  if (entries > limits.maxTableEntries) {
    throw new TerrariumError("TER_WASM_TABLE_TOO_LARGE", { used: entries, allowed: limits.maxTableEntries });
  }
}

function checkKind(bounds: Bounds, kind: "memory" | "table"): void {
  if (bounds.shared) throw unsupported(`a shared ${kind} (threads)`);
  if (bounds.wide)
    throw unsupported(kind === "memory" ? "64-bit memory (memory64)" : "a 64-bit table (table64)");
}
