export { createEngine } from "./engine.ts";
export { collectGarbage } from "./instances/garbage.ts";
export type {
  Engine,
  HostFunction,
  HostFunctions,
  Program,
  RunLimits,
  RunOutcome,
  Strategy,
  TrapFrame,
  Usage,
} from "./types.ts";
