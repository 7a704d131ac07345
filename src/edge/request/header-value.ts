// A request's header by its name, alike for all protocols.
import type { FlatHeaders } from "./exchange.ts";

/**
 * The value of a header by its lower-case name; several lines are one list (RFC 9110 section 5.3). Undefined
 * if there is none.
 */
export function headerValue(rawHeaders: FlatHeaders, name: string): string | undefined {
  let value: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const known = rawHeaders[index] ?? "";
    if (known.length !== name.length || known.toLowerCase() !== name) continue;
    const line = rawHeaders[index + 1] ?? "";
    value = value === undefined ? line : `${value}, ${line}`;
  }
  return value;
}
