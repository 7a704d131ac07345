// Byte ranges (RFC 9110 section 14). One range is honored; several get the whole body, which is always
// allowed.

/** What a Range header means for a body of a given size. */
export type RangeVerdict =
  | { readonly kind: "whole" }
  | { readonly kind: "unsatisfiable" }
  | { readonly kind: "part"; readonly start: number; /** Exclusive. */ readonly end: number };

const WHOLE: RangeVerdict = { kind: "whole" };
const UNSATISFIABLE: RangeVerdict = { kind: "unsatisfiable" };
const SINGLE = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i;

/** Malformed headers and lists of ranges mean the whole body. */
export function readRange(header: string, sizeBytes: number): RangeVerdict {
  const parts = SINGLE.exec(header);
  if (parts === null) return WHOLE;
  const [, first = "", last = ""] = parts;
  if (first === "" && last === "") return WHOLE;
  if (first === "") return suffix(Number(last), sizeBytes);
  const start = Number(first);
  if (last !== "" && Number(last) < start) return WHOLE;
  if (start >= sizeBytes) return UNSATISFIABLE;
  const end = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  return { kind: "part", start, end };
}

function suffix(length: number, sizeBytes: number): RangeVerdict {
  if (length === 0 || sizeBytes === 0) return UNSATISFIABLE;
  return { kind: "part", start: Math.max(0, sizeBytes - length), end: sizeBytes };
}
