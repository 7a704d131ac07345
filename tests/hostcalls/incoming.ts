// The incoming request and memory: what guests read.
import { expect } from "vitest";
import { faultOf, type Feature } from "./feature.ts";

const MANY: readonly (readonly [string, string])[] = [
  ["X-Many", "one"],
  ["x-many", "two"],
  ["X-Empty", ""],
];

export const REQUEST_LINE: Feature = {
  name: "request-line",
  cases: {
    "gives the method, and path and query as they were sent": async (guest) => {
      expect((await guest.ask("/a%20b?c=d", { method: "PATCH" })).said).toBe("PATCH /a%20b?c=d");
    },
    "faults on the method of an unknown handle": async (guest) =>
      faultOf(await guest.ask("/1"), "hostcall_req_get_method"),
    "faults on the path of a created request": async (guest) =>
      faultOf(await guest.ask("/2"), "hostcall_req_get_path"),
  },
};

export const REQUEST_HEADERS: Feature = {
  name: "request-headers",
  cases: {
    "lists each header once in lower case, with all values in order; empty is memory, absent is null": async (
      guest,
    ) => {
      expect((await guest.ask("/", { headers: MANY })).said).toBe("host|x-many|x-empty one|two 1 1 0 null 0");
    },
    "faults on the names of an unknown handle": async (guest) =>
      faultOf(await guest.ask("/1"), "hostcall_req_get_headers"),
    "faults on a header of a created request": async (guest) =>
      faultOf(await guest.ask("/2"), "hostcall_req_get_header"),
  },
};

export const REQUEST_BODY: Feature = {
  name: "request-body",
  cases: {
    "gives the body": async (guest) => expect((await guest.ask("/", { body: "hello" })).said).toBe("5 hello"),
    "gives null and 0 without one": async (guest) => expect((await guest.ask("/")).said).toBe("0 null"),
    "faults on an unknown handle": async (guest) => faultOf(await guest.ask("/1"), "hostcall_req_get_body"),
  },
};

export const ALLOCATOR: Feature = {
  name: "allocator",
  cases: {
    "sees 16 zero bytes behind what the host wrote": async (guest) =>
      expect((await guest.ask("/")).said).toBe("16"),
    "faults when it names an allocator that is not in the table": async (guest) => {
      expect((await guest.ask("/1")).fault).toMatch(/hostcall_(init_mm|req_get_method)/);
    },
    "is never asked for 0 bytes": async (guest) =>
      expect((await guest.ask("/2", { headers: MANY })).said).toBe("1"),
  },
};

export const NO_ALLOCATOR: Feature = {
  name: "no-allocator",
  cases: {
    "may ask for what is not there": async (guest) => expect((await guest.ask("/")).said).toBe("nothing"),
    "faults when there is something to return": async (guest) => {
      expect((await guest.ask("/", { body: "hello" })).fault).toMatch(
        /hostcall_req_get_body.*hostcall_init_mm/,
      );
    },
  },
};
