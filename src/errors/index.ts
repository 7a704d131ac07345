export { CATALOGUE, type ErrorCode } from "./catalogue.ts";
export type { ErrorEntry } from "./entry.ts";
export { EXIT } from "./exit-codes.ts";
export { fileProblem } from "./file-system.ts";
export { Reason } from "./reason.ts";
export { asTerrariumError, type ErrorDetails, TerrariumError } from "./terrarium-error.ts";
export { fromProblem, fromWire, type Problem, toProblem, toWire, type WireError } from "./wire.ts";
