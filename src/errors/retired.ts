// Codes that no version emits any more. A client may still compare with them, so none is ever used again.

/** Each with what took its place, if anything did. */
export const RETIRED_CODES: Readonly<Record<string, string | null>> = {
  TER_BUILD_NO_COMPILER: null,
  TER_EDGE_CANNOT_LISTEN: "TER_CANNOT_LISTEN",
};
