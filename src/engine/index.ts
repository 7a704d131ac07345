export { createEngine, type EngineOptions } from "./engine.ts";
export { EDGE_V8_FLAGS, edgeV8Flags } from "./v8-flags.ts";
export type {
  Completion,
  Engine,
  EngineStats,
  Guest,
  HostFunction,
  HostFunctions,
  HostResult,
  LoadableModule,
  Program,
  RunClient,
  RunLimits,
  RunOutcome,
  Strategy,
  TrapFrame,
  Usage,
  WasmNumber,
} from "./types.ts";
