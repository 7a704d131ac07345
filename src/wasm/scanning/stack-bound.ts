// The most stack that a run can take, if no function can recurse.
import type { CallGraph } from "./call-graph.ts";
import type { CodeSummary } from "./code-summary.ts";
import type { ModuleModel } from "../reading/module-model.ts";

/** Return address, saved registers, feedback and the engine's prologue; V8's take less than 200. */
const FRAME_BYTES = 512;
/**
 * Widest value: a v128. Baseline code keeps each local and each operand in a slot; optimized code keeps
 * fewer.
 */
const SLOT_BYTES = 16;

/**
 * The most bytes of stack that any chain of calls takes, not counting host functions' frames; null if
 * functions can recurse. An instruction is at least a byte long and leaves at most one value, so code of n
 * bytes has at most n operands.
 */
export function stackBound(
  module: ModuleModel,
  summary: CodeSummary,
  { graph, components }: CallGraph,
): number | null {
  const depths = new Float64Array(graph.nodes);
  let deepest = 0;
  for (const node of components.order) {
    if (components.cyclic[components.of[node] ?? 0] === 1) return null;
    let below = 0;
    for (const target of graph.targets.subarray(graph.first[node], graph.first[node + 1]))
      below = Math.max(below, depths[target] ?? 0);
    const depth = below + frameBytes(module, summary, node - module.importedFunctions);
    depths[node] = depth;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function frameBytes(module: ModuleModel, summary: CodeSummary, definedIndex: number): number {
  const body = module.bodies[definedIndex];
  if (body === undefined) return 0;
  const { params, results } = module.types[
    module.functionTypes[module.importedFunctions + definedIndex] ?? -1
  ] ?? { params: [], results: [] };
  const slots = params.length + results.length + (summary.locals[definedIndex] ?? 0) + body.end - body.start;
  return FRAME_BYTES + slots * SLOT_BYTES;
}
