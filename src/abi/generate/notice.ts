// The line at the head of each generated file.

/** Says that a file is generated, and by what. */
export const GENERATED_NOTICE = "Generated from src/abi by `npm run generate`. Do not edit.";
