// The store, the clock, randomness and names.
import { expect } from "vitest";
import type { Feature } from "./feature.ts";
import { NOW_MS } from "./world.ts";

export const KV: Feature = {
  name: "kv",
  cases: {
    "writes, appends, reads and removes, told each time whether the key was there": async (guest) => {
      const steps = ["1", "0", "1 1 a", "0", "1 2 ac", "0", "1 1 d", "1", "0", "0 0 null", "1", "1", "1 0"];
      expect((await guest.ask("/")).said).toBe(steps.join(" "));
    },
    "reads in one request what another wrote": async (guest) => {
      expect((await guest.ask("/1")).said).toBe("1");
      expect((await guest.ask("/2")).said).toBe("1 11 from before");
    },
    "sets a value only over exactly the expected one": async (guest) =>
      expect((await guest.ask("/3")).said).toBe("1 0 1 1 2 bc 0"),
    "adds to a number, and is told of a value that is none": async (guest) =>
      expect((await guest.ask("/4")).said).toBe("1 5 1 -7 1 1 2 -6 0 0 0"),
  },
};

export const RANDOM: Feature = {
  name: "random",
  cases: {
    "gives 64 bits that differ each time": async (guest) => {
      const numbers = [...(await guest.ask("/")).said.split(" "), ...(await guest.ask("/")).said.split(" ")];
      expect(new Set(numbers).size).toBe(4);
      expect(numbers.some((number) => Math.abs(Number(number)) > 2 ** 53)).toBe(true);
    },
  },
};

export const TIME: Feature = {
  name: "time",
  cases: {
    "gives seconds and nanoseconds, or seconds only": async (guest) => {
      const seconds = Math.floor(NOW_MS / 1000);
      expect((await guest.ask("/")).said).toBe(`${seconds} 123500000 ${seconds}`);
    },
  },
};

export const DNS_RAW: Feature = {
  name: "dns-raw",
  cases: {
    "gives the answer under the query's own transaction id": async (guest) => {
      expect((await guest.ask("/")).said).toMatch(/^1 \d+ 4660 0 192 0 2 7$/);
    },
    "takes any response code for an answer": async (guest) =>
      expect((await guest.ask("/1")).said).toMatch(/^1 24 4660 3 /),
    "is told of a malformed query, with null and 0": async (guest) =>
      expect((await guest.ask("/2")).said).toBe("0 0"),
  },
};

export const DNS_IP: Feature = {
  name: "dns-ip",
  cases: {
    "gives addresses of 4 bytes": async (guest) =>
      expect((await guest.ask("/")).said).toBe("1 1 4 192 0 2 7 0"),
    "gives addresses of 16 bytes": async (guest) => {
      expect((await guest.ask("/1")).said).toBe("1 1 16 32 1 13 184 0 0 0 0 0 0 0 0 0 0 0 9 0");
    },
    "is told of a name without an address, with a null list": async (guest) =>
      expect((await guest.ask("/2")).said).toBe("0 0 1"),
  },
};
