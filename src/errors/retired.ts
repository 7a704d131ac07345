// Codes that Terrarium no longer emits. A client may still compare with them, so none is ever reused.

/** Each with its replacement, if it has one. */
export const RETIRED_CODES: Readonly<Record<string, string | null>> = {
  TER_BUILD_NO_COMPILER: null,
  TER_EDGE_CANNOT_LISTEN: "TER_CANNOT_LISTEN",
};
