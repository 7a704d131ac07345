// Which function may call which, and which functions can recurse.
//
// Nodes are the functions, then one node per function type that stands for "some function of this type,
// through a table". A host function may call the allocator that the guest named by `hostcall_init_mm`; any
// function of the right type in a table may be the allocator, and so may an export `malloc`.
import type { CodeSummary } from "./code-summary.ts";
import { EVENT } from "./event-log.ts";
import type { ModuleModel } from "../reading/module-model.ts";
import { stronglyConnected, type Components, type Graph } from "./strongly-connected.ts";
import { describeFunctionType } from "../reading/value-types.ts";

const ALLOCATOR_IMPORT = "hostcall_init_mm";
const ALLOCATOR_TYPES = ["(i32) -> (i32)", "(i32) -> ()"];

/** The graph with its recursive groups. */
export class CallGraph {
  readonly graph: Graph;
  readonly components: Components;
  /** Node of each type index; equal types share one. */
  private readonly typeNodes: Int32Array;
  private readonly summary: CodeSummary;

  constructor(module: ModuleModel, summary: CodeSummary) {
    this.summary = summary;
    const functions = module.functionTypes.length;
    const nodeOfKey = new Map<string, number>();
    const keys = module.types.map(describeFunctionType);
    keys.forEach((key, type) => nodeOfKey.has(key) || nodeOfKey.set(key, functions + type));
    this.typeNodes = Int32Array.from(keys, (key) => nodeOfKey.get(key) ?? -1);
    const allocators = [
      ...(hasAllocator(module) ? ALLOCATOR_TYPES.flatMap((key) => nodeOfKey.get(key) ?? []) : []),
      ...exportedAllocator(module),
    ];
    const members = this.functionsByType(module);
    this.graph = joinLists(functions + keys.length, (node) => {
      if (node >= functions) return members.get(node) ?? [];
      return node < module.importedFunctions ? allocators : this.callees(node - module.importedFunctions);
    });
    this.components = stronglyConnected(this.graph);
  }

  /** The node that a call event leads to, or -1 if the event is not a call. */
  target(event: number): number {
    const { events } = this.summary;
    const kind = events.kind(event);
    if (kind === EVENT.call || kind === EVENT.tailCall) return events.argument(event);
    if (kind === EVENT.callIndirect || kind === EVENT.tailCallIndirect)
      return this.typeNodes[events.argument(event)] ?? -1;
    return -1;
  }

  private callees(definedIndex: number): number[] {
    const targets: number[] = [];
    const { from, to } = this.summary.eventsOf(definedIndex);
    for (let event = from; event < to; event++) {
      const target = this.target(event);
      if (target >= 0) targets.push(target);
    }
    return targets;
  }

  /** Functions that may be in a table, by the node of their type. */
  private functionsByType(module: ModuleModel): Map<number, number[]> {
    const members = new Map<number, number[]>();
    module.functionTypes.forEach((type, index) => {
      if (this.summary.addressTaken[index] !== 1) return;
      const node = this.typeNodes[type] ?? -1;
      const list = members.get(node);
      if (list === undefined) members.set(node, [index]);
      else list.push(index);
    });
    return members;
  }
}

/** Called by host functions if the guest names no other. */
function exportedAllocator({ exports }: ModuleModel): number[] {
  return exports.flatMap(({ kind, name, index }) =>
    kind === "function" && name === "malloc" ? [index] : [],
  );
}

function hasAllocator(module: ModuleModel): boolean {
  return module.imports.some((entry) => entry.kind === "function" && entry.name === ALLOCATOR_IMPORT);
}

function joinLists(nodes: number, successors: (node: number) => readonly number[]): Graph {
  const first = new Int32Array(nodes + 1);
  const lists: (readonly number[])[] = [];
  for (let node = 0; node < nodes; node++) {
    const list = successors(node);
    lists.push(list);
    first[node + 1] = (first[node] ?? 0) + list.length;
  }
  const targets = new Int32Array(first[nodes] ?? 0);
  lists.forEach((list, node) => targets.set(list, first[node]));
  return { nodes, first, targets };
}
