// The outgoing response, panics and the log: what guests write.
import { expect } from "vitest";
import type { Feature } from "./feature.ts";

export const RESPONSE: Feature = {
  name: "response",
  cases: {
    "sets status, headers and body": async (guest) => {
      const { status, headers, said } = await guest.ask("/");
      expect([status, headers, said]).toEqual([
        418,
        [
          ["x-a", "1"],
          ["x-a", "2"],
        ],
        "0 0 0",
      ]);
    },
    "is told of an invalid status, name and value, which change nothing": async (guest) => {
      const { status, headers, said } = await guest.ask("/1");
      expect([status, headers, said]).toEqual([200, [], "1 1 1 1"]);
    },
    "answers 200 with nothing when it touches nothing": async (guest) => {
      const { status, headers, said } = await guest.ask("/2");
      expect([status, headers, said]).toEqual([200, [], ""]);
    },
    "is told of an unknown handle": async (guest) => expect((await guest.ask("/3")).said).toBe("1 1 1"),
    "may set framing headers, which have no effect": async (guest) => {
      const { headers, said } = await guest.ask("/4");
      expect([headers, said]).toEqual([[], "0 0 0"]);
    },
    "replaces all values of a header, whatever its letter case, or removes them": async (guest) => {
      const { headers, said } = await guest.ask("/5");
      expect([headers, said]).toEqual([[["x-a", "3"]], "0 0 0 0"]);
    },
  },
};

export const PANIC: Feature = {
  name: "panic",
  cases: {
    "ends the instance with the message": async (guest) => {
      const { fault, log } = await guest.ask("/");
      expect(fault).toContain("out of cheese");
      expect(log).toEqual([]);
    },
  },
};

export const DEBUG: Feature = {
  name: "debug",
  cases: {
    "writes lines, by length or to the first NUL": async (guest) => {
      const { log, fault } = await guest.ask("/");
      expect(fault).toBeNull();
      expect(log.slice(0, 2)).toEqual(["debug: by length", "debug: to its NUL"]);
      expect(log.slice(2).join("")).toMatch(/^(debug: )?$/);
    },
  },
};
