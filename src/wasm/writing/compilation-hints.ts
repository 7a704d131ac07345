// Which functions V8 shall optimise before a module goes live. V8 cannot replace baseline code of a loop that
// is running, so a loop that a first request enters would stay at half its speed for all of that call. The
// hint is the section `metadata.code.compilation_priority` of the compilation hints proposal; engines that do
// not know it ignore it.
import { ByteWriter, unsignedLength } from "./byte-writer.ts";
import type { CodeSummary } from "../scanning/code-summary.ts";
import { EVENT } from "../scanning/event-log.ts";
import type { ModuleModel } from "../reading/module-model.ts";

const SECTION_NAME = "metadata.code.compilation_priority";

/** Optimised code is made at some 1 byte/µs and thread: these two bound the work to a fifth of a second. */
const MAX_HINTED_BYTES = 192 * 1024;
const MAX_FUNCTION_BYTES = 32 * 1024;

/** Compile now, and optimise now: the highest of both priorities. */
const COMPILATION_PRIORITY = 0;
const OPTIMISATION_PRIORITY = 0;

/** Contents of the custom section, to stand before the code section; null if no function has a loop. */
export function compilationHints(module: ModuleModel, summary: CodeSummary): Uint8Array | null {
  const hinted = chooseFunctions(module, summary);
  if (hinted.length === 0) return null;
  const out = new ByteWriter(SECTION_NAME.length + 16 + hinted.length * 10);
  out.name(SECTION_NAME).unsigned(hinted.length);
  for (const defined of hinted) {
    out.unsigned(module.importedFunctions + defined).unsigned(0);
    out.unsigned(unsignedLength(COMPILATION_PRIORITY) + unsignedLength(OPTIMISATION_PRIORITY));
    out.unsigned(COMPILATION_PRIORITY).unsigned(OPTIMISATION_PRIORITY);
  }
  return out.view();
}

/** Defined functions with a loop, in the order of their indices; the smallest if there are too many. */
function chooseFunctions(module: ModuleModel, summary: CodeSummary): number[] {
  const size = (defined: number): number => {
    const body = module.bodies[defined];
    return body === undefined ? 0 : body.end - body.start;
  };
  const looping = module.bodies
    .map((_, defined) => defined)
    .filter((defined) => size(defined) <= MAX_FUNCTION_BYTES && loops(summary, defined));
  looping.sort((one, other) => size(one) - size(other));
  let bytes = 0;
  const chosen = looping.filter((defined) => (bytes += size(defined)) <= MAX_HINTED_BYTES);
  return chosen.sort((one, other) => one - other);
}

function loops(summary: CodeSummary, defined: number): boolean {
  const { from, to } = summary.eventsOf(defined);
  for (let event = from; event < to; event++) {
    if (summary.events.kind(event) === EVENT.loop && summary.events.argument(event) === 1) return true;
  }
  return false;
}
