// Defences of the engine and the rewriter, and the tests that fail without them.
import type { Defence } from "./types.ts";

const ENGINE = "src/engine";
const WASM = "src/wasm";
const REWRITTEN = `${ENGINE}/rewritten.test.ts`;
const RUN = `${ENGINE}/running/run.test.ts`;
const TURNS = `${ENGINE}/running/turns.test.ts`;
const CANARY = `${ENGINE}/testing/canary.test.ts`;
const LIFE = `${ENGINE}/life.test.ts`;
const INSTANCE_COST = `${ENGINE}/instance-cost.test.ts`;
const COSTS = `${WASM}/cost-model.test.ts`;
const REWRITE = `${WASM}/rewrite-module.test.ts`;

const FRESH: readonly Defence[] = [
  {
    name: "What a module consists of is bounded",
    file: "src/wasm/rewrite-module.ts",
    test: "src/wasm/checks/module-shape.test.ts",
    present: "checkShape(module);",
    removed: "",
  },
  {
    name: "Memory is restored after each run",
    file: `${ENGINE}/instances/baseline.ts`,
    test: CANARY,
    present: "  bytes.fill(0, image.start + image.bytes.length);\n",
    removed: "",
  },
  {
    name: "Globals are restored after each run",
    file: `${ENGINE}/instances/baseline.ts`,
    test: REWRITTEN,
    present: "    for (const { global, value } of this.#globals) global.value = value;\n",
    removed: "",
  },
  {
    name: "A memory that grew is thrown away",
    file: `${ENGINE}/instances/baseline.ts`,
    test: REWRITTEN,
    present: "if (bytes.length !== image.sizeBytes) return false;",
    removed: "",
  },
  {
    name: "A memory that initialization made large is not kept",
    file: `${ENGINE}/instances/slot.ts`,
    test: INSTANCE_COST,
    present: "    else if (bytes > MAX_WIPED_BYTES) this.#discardMemories(bytes);\n",
    removed: "",
  },
  {
    name: "Restoring is charged to the request",
    file: `${ENGINE}/running/run.ts`,
    test: INSTANCE_COST,
    present: "    this.#returnSlot();\n    this.#endSlice();\n",
    removed: "    this.#endSlice();\n    this.#returnSlot();\n",
  },
  {
    name: "Creating an instance uses up the CPU limit",
    file: `${ENGINE}/running/run.ts`,
    test: "tests/attacks/instance-cost.test.ts",
    present: "      this.checkInterrupt();\n    } catch",
    removed: "    } catch",
  },
  {
    name: "Expensive instances are refused at deploy",
    file: "src/edge/program/responder.ts",
    test: "tests/attacks/instance-cost.test.ts",
    present: "if (usedMs > instanceMs)",
    removed: "if (usedMs < 0)",
  },
  {
    name: "A stack that went on elsewhere ends before it overwrites the heap",
    file: `${WASM}/writing/deep-stack.ts`,
    test: `${WASM}/writing/deep-stack.test.ts`,
    present: "  out.signed32(DEEP_BYTES - RED_ZONE_BYTES)",
    removed: "  out.signed32(-1)",
  },
  {
    name: "An exported allocator counts as called by host functions",
    file: `${WASM}/scanning/call-graph.ts`,
    test: `${WASM}/scanning/stack-bound.test.ts`,
    present: "      ...exportedAllocator(module),\n",
    removed: "",
  },
  {
    name: "Frames outside of the linked stack are seen",
    file: `${WASM}/writing/deep-stack.ts`,
    test: `${WASM}/writing/deep-stack.test.ts`,
    present: "  out.signed32(top - RED_ZONE_BYTES).bytes([0x4b",
    removed: "  out.signed32(-1).bytes([0x4b",
  },
  {
    name: "Code that changes tables gets new instances",
    file: `${ENGINE}/instances/plan.ts`,
    test: REWRITTEN,
    present: `  if (writesTables) return "its code changes tables";\n`,
    removed: "",
  },
  {
    name: "Code that drops segments gets new instances",
    file: `${ENGINE}/instances/plan.ts`,
    test: REWRITTEN,
    present: `  if (dropsSegments) return "its code drops segments";\n`,
    removed: "",
  },
  {
    name: "Globals that JavaScript cannot restore get new instances",
    file: `${ENGINE}/instances/plan.ts`,
    test: REWRITTEN,
    present: "  return odd === undefined ? null :",
    removed: "  return odd === undefined || odd !== null ? null :",
  },
  {
    name: "Initialisation that asked the host something is not kept",
    file: `${ENGINE}/instances/slot.ts`,
    test: REWRITTEN,
    present: "if (record.varying !== null) this.#plan.varyingInit = record.varying;\n    else if (",
    removed: "if (",
  },
  {
    name: "A memory that a hostcall may still write to is not used again",
    file: `${ENGINE}/instances/pool.ts`,
    test: RUN,
    present: "const wanted = !tainted && ",
    removed: "const wanted = ",
  },
  {
    name: "A note of a refused growth ends with its run",
    file: `${ENGINE}/instances/slot.ts`,
    test: REWRITTEN,
    present:
      "    if (this.#exports[ENGINE_NAMES.refusedGrowth] !== undefined) names.push(ENGINE_NAMES.refusedGrowth);\n",
    removed: "",
  },
];

const ENDING: readonly Defence[] = [
  {
    name: "Loops read the kill word",
    file: `${WASM}/writing/function-walk.ts`,
    test: REWRITE,
    present: "if (events.argument(event) === 1) this.check(event, CHECK_AFTER);",
    removed: "",
    testTimeoutMs: 60_000,
  },
  {
    name: "Work after a checked call counts on the way back from it",
    file: `${WASM}/writing/function-walk.ts`,
    test: COSTS,
    present: "this.since = Math.max(this.since + through, after);",
    removed: "this.since = Math.max(this.since + through, 0);",
  },
  {
    name: "A call that nothing follows counts as well",
    file: `${WASM}/writing/function-walk.ts`,
    test: COSTS,
    present: "if (this.events.isFinal(event) && this.task.guardCallee(event)) return this.end();",
    removed: "if (this.events.isFinal(event)) return this.end();",
  },
  {
    name: "A host function reads the kill word first",
    file: `${ENGINE}/instances/imports.ts`,
    test: `${ENGINE}/interrupt.test.ts`,
    present: "if (caller.isKilled) throw caller.caught(undefined);",
    removed: "",
  },
  {
    name: "Bulk operations go in slices",
    file: `${WASM}/writing/code-section.ts`,
    test: `${WASM}/writing/bulk-functions.test.ts`,
    present: "this.kill !== null && (kind === EVENT.memoryFill",
    removed: "this.kill === undefined && (kind === EVENT.memoryFill",
  },
  {
    name: "A kill hits the slice that it was meant for",
    file: `${ENGINE}/ticker/control-block.ts`,
    test: TURNS,
    present: "return Atomics.compareExchange(this.#words, WORD.kill, slice, slice | KILLED) === slice;",
    removed: "return Atomics.store(this.#words, WORD.kill, slice | KILLED) === slice;",
  },
  {
    name: "No handler of a guest catches the end of its run",
    file: `${ENGINE}/running/run.ts`,
    test: RUN,
    present: "    this.unwinding = newTrap();\n",
    removed: `    this.unwinding = new Error("end");\n`,
  },
  {
    name: "Host functions keep their stack below a deep guest",
    file: `${ENGINE}/instances/plan.ts`,
    test: RUN,
    present: " || (hostCalls.length > 0 && !isShallow(layout)),",
    removed: ",",
  },
  {
    name: "A guest that recurses is not taken for a shallow one",
    file: `${WASM}/scanning/stack-bound.ts`,
    test: REWRITTEN,
    present: "    if (components.cyclic[components.of[node] ?? 0] === 1) return null;\n",
    removed: "",
  },
  {
    name: "A guest whose frames take much is not taken for a shallow one",
    file: `${ENGINE}/instances/plan.ts`,
    test: `${ENGINE}/instances/plan.test.ts`,
    present: " && stackBytes <= SHALLOW_STACK_BYTES",
    removed: "",
  },
  {
    name: "Waiting guests end at their wall limit",
    file: `${ENGINE}/running/deadlines.ts`,
    test: RUN,
    present: "    for (const member of members) member.expire();\n",
    removed: "",
    endless: true,
  },
  {
    name: "CPU time is summed over slices",
    file: `${ENGINE}/running/run.ts`,
    test: RUN,
    present: "    this.#cpuMs += cpuMs;\n",
    removed: "    this.#cpuMs = cpuMs;\n",
    endless: true,
  },
  {
    name: "A start function has a limit of its own",
    file: `${ENGINE}/running/run.ts`,
    test: REWRITTEN,
    present: "return this.#initialising ? Math.min(cpuMs, this.#program.startMs) : cpuMs;",
    removed: "return cpuMs;",
    testTimeoutMs: 20_000,
  },
  {
    name: "A start function that is tried has no effect outside",
    file: `${ENGINE}/instances/imports.ts`,
    test: `${ENGINE}/rewritten.test.ts`,
    present: "if (caller.rehearses) caller.exit(0);",
    removed: "",
  },
  {
    name: "A guest that a kill does not end is told of",
    file: `${ENGINE}/ticker/watch.ts`,
    test: `${ENGINE}/ticker/watch.test.ts`,
    present: "return void (block.kill(slice, reason) && watchEnd(watched, view));",
    removed: "return void block.kill(slice, reason);",
  },
  {
    name: "A ticker thread that dies is replaced",
    file: `${ENGINE}/ticker/ticker.ts`,
    test: LIFE,
    present: "    if (this.#thread === thread) this.#start();\n",
    removed: "    if (this.#thread === thread) this.#thread = null;\n",
    endless: true,
  },
  {
    name: "Runs at once are bounded",
    file: `${ENGINE}/instances/pool.ts`,
    test: TURNS,
    present: "if (this.running >= this.#maxMemories) throw",
    removed: "if (this.running < 0) throw",
    endless: true,
  },
  {
    name: "Guests that compute let the event loop turn",
    file: `${ENGINE}/running/turns.ts`,
    test: TURNS,
    present: "    else setImmediate(this.#breathe);\n",
    removed: "    else queueMicrotask(this.#breathe);\n",
  },
  {
    name: "A guest's memory is out of reach outside of its turn",
    file: `${ENGINE}/running/run.ts`,
    test: RUN,
    present: "if (this.#slot !== null && this.#hasTurn) return",
    removed: "if (this.#slot !== null) return",
  },
];

const LIMITS: readonly Defence[] = [
  {
    name: "Memory is clamped to the limit",
    file: `${WASM}/writing/describe-module.ts`,
    test: `${WASM}/writing/growth-functions.test.ts`,
    present: "Math.min(bounds.maximum ?? limits.maxMemoryPages, limits.maxMemoryPages)",
    removed: "bounds.maximum ?? limits.maxMemoryPages",
  },
  {
    name: "A refused growth is named",
    file: `${WASM}/writing/code-section.ts`,
    test: REWRITTEN,
    present: "    const slot = this.growers.slotOf(event);\n",
    removed: "    const slot = this.growers.slotOf(-1 - event);\n",
  },
  {
    name: "Imports are those of the contract",
    file: `${ENGINE}/instances/plan.ts`,
    test: RUN,
    present: "if (host === undefined) throw",
    removed: "if (host === null) throw",
  },
];

/** All defences of the engine. */
export const ENGINE_DEFENCES: readonly Defence[] = [...FRESH, ...ENDING, ...LIMITS];
