export { CATALOGUE, type ErrorCode } from "./catalogue.ts";
export { TerrariumError, type ErrorDetails, type ErrorEntry, type ErrorKind } from "./terrarium-error.ts";
