export { CATALOGUE, type ErrorCode } from "./catalogue.ts";
export { TerrariumError, type ErrorDetails } from "./terrarium-error.ts";
