// A module described for people: `terrarium check`, the studio.
import type { CodeSummary } from "./scanning/code-summary.ts";
import { EVENT } from "./scanning/event-log.ts";
import type { ValueType } from "./layout.ts";
import type { ExternalKind, ModuleModel } from "./reading/module-model.ts";
import { readNames } from "./reading/names.ts";
import { readModule } from "./reading/read-module.ts";
import { scanCode } from "./scanning/scan-body.ts";
import { sectionTitle } from "./reading/sections.ts";
import { describeFunctionType } from "./reading/value-types.ts";

/** A description; offsets and sizes are bytes of the module. */
export interface ModuleInfo {
  readonly bytes: number;
  readonly sections: readonly { readonly title: string; readonly offset: number; readonly size: number }[];
  readonly imports: readonly {
    readonly module: string;
    readonly name: string;
    readonly kind: ExternalKind;
    readonly type: string | null;
  }[];
  readonly exports: readonly {
    readonly name: string;
    readonly kind: ExternalKind;
    readonly index: number;
    readonly type: string | null;
  }[];
  readonly memories: readonly { readonly initialPages: number; readonly maximumPages: number | null }[];
  readonly tables: readonly {
    readonly type: ValueType;
    readonly initial: number;
    readonly maximum: number | null;
  }[];
  readonly globals: readonly {
    readonly type: ValueType;
    readonly mutable: boolean;
    readonly name: string | null;
  }[];
  /** Index of the start function. */
  readonly start: number | null;
  readonly dataSegments: readonly {
    readonly mode: string;
    readonly address: number | null;
    readonly size: number;
  }[];
  readonly elementSegments: readonly {
    readonly mode: string;
    readonly table: number;
    readonly count: number;
  }[];
  /** Functions with a body. */
  readonly functions: readonly {
    readonly index: number;
    readonly name: string | null;
    readonly type: string;
    readonly offset: number;
    readonly size: number;
  }[];
  readonly customSections: readonly string[];
  /** Names of the proposals beyond the first version of WebAssembly that the code uses. */
  readonly features: readonly string[];
}

/**
 * Reads a module; throws TER_WASM_INVALID and TER_WASM_UNSUPPORTED as `rewriteModule` does, but does not
 * validate.
 */
export function inspectModule(bytes: Uint8Array): ModuleInfo {
  const module = readModule(bytes);
  const names = { functions: readNames(bytes, "functions"), globals: readNames(bytes, "globals") };
  const typeOf = (functionIndex: number): string => functionType(module, functionIndex);
  return {
    bytes: bytes.length,
    sections: module.sections.map((section) => ({
      title: sectionTitle(section),
      offset: section.start,
      size: section.end - section.start,
    })),
    imports: module.imports.map(({ module: from, name, kind, type }) => ({
      module: from,
      name,
      kind,
      type: typeText(module, type),
    })),
    exports: module.exports.map((entry) => ({
      ...entry,
      type: entry.kind === "function" ? typeOf(entry.index) : null,
    })),
    memories: module.memories.map(({ bounds }) => ({
      initialPages: bounds.minimum,
      maximumPages: bounds.maximum,
    })),
    tables: module.tables.map(({ type, bounds }) => ({
      type,
      initial: bounds.minimum,
      maximum: bounds.maximum,
    })),
    globals: module.globals.map(({ type, mutable }, index) => ({
      type,
      mutable,
      name: names.globals.get(index) ?? null,
    })),
    start: module.start,
    dataSegments: module.data.map(({ mode, address, bytes: range }) => ({
      mode,
      address,
      size: range.end - range.start,
    })),
    elementSegments: [...module.elements],
    functions: module.bodies.map((body, defined) => {
      const index = module.importedFunctions + defined;
      return {
        index,
        name: names.functions.get(index) ?? null,
        type: typeOf(index),
        offset: body.start,
        size: body.end - body.start,
      };
    }),
    customSections: module.sections.flatMap((section) => section.name ?? []),
    features: features(module, scanCode(module)),
  };
}

function functionType(module: ModuleModel, functionIndex: number): string {
  return typeText(module, module.functionTypes[functionIndex] ?? -1) ?? "unknown";
}

function typeText(module: ModuleModel, typeIndex: number): string | null {
  const type = module.types[typeIndex];
  return type === undefined ? null : describeFunctionType(type);
}

function features(module: ModuleModel, summary: CodeSummary): string[] {
  const { events } = summary;
  let indirectCalls = false;
  for (let event = 0; event < events.length; event++)
    indirectCalls ||= events.kind(event) === EVENT.callIndirect;
  const found: readonly (readonly [string, boolean])[] = [
    ["SIMD", summary.simd],
    ["bulk memory", summary.bulk],
    ["tail calls", summary.tailCalls],
    ["exceptions", summary.exceptions],
    ["exceptions (legacy)", summary.legacyExceptions],
    ["multi-value", module.types.some((type) => type.results.length > 1)],
    ["reference types", module.tables.length > 1 || module.types.some(hasReference)],
    [
      "mutable globals",
      module.exports.some(
        (entry) => entry.kind === "global" && module.globals[entry.index]?.mutable === true,
      ),
    ],
    ["indirect calls", indirectCalls],
  ];
  return found.flatMap(([name, present]) => (present ? [name] : []));
}

function hasReference(type: {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}): boolean {
  return [...type.params, ...type.results].some((value) => value.endsWith("ref"));
}
