// Requests to upstreams, at once and pending.
import { expect } from "vitest";
import { faultOf, type Feature, type Guest } from "./feature.ts";

const at = (url: string) => ({ headers: [["x-url", url]] as const });
const said = async (guest: Guest, path: string, url = guest.origin) => (await guest.ask(path, at(url))).said;

export const SUBREQUEST: Feature = {
  name: "subrequest",
  cases: {
    "sends headers and body, and reads status, headers and body": async (guest) => {
      const words = (await said(guest, "/")).split(" ");
      expect(words.slice(0, 4)).toEqual(["0", "0", "201", "one|two"]);
      expect(words.slice(4, 7).join(" ")).toMatch(/^pong:ping:a, ?b null$/);
      expect(
        words
          .at(-1)!
          .split("|")
          .filter((name) => name === "x-reply"),
      ).toHaveLength(1);
    },
    "is told of a malformed URL and method": async (guest) => expect(await said(guest, "/1")).toBe("-1 -1"),
    "is told of a failed request, which is consumed": async (guest) =>
      expect(await said(guest, "/2", guest.nowhere)).toBe("-1 -1 1 1"),
    "may neither write nor send the incoming request": async (guest) =>
      expect(await said(guest, "/3")).toBe("1 1 -1"),
    "is told of an invalid name and value": async (guest) => expect(await said(guest, "/4")).toBe("1 1 0"),
    "faults on the status of an unknown response": async (guest) =>
      faultOf(await guest.ask("/5"), "hostcall_resp_get_response_code"),
    "faults on the headers of the outgoing response": async (guest) =>
      faultOf(await guest.ask("/6"), "hostcall_resp_get_headers"),
    "faults on a header of an unknown response": async (guest) =>
      faultOf(await guest.ask("/7"), "hostcall_resp_get_header"),
    "faults on the body of an unknown response": async (guest) =>
      faultOf(await guest.ask("/8"), "hostcall_resp_get_body"),
    "may not write a received response": async (guest) => expect(await said(guest, "/9")).toBe("1 1 1"),
  },
};

export const PENDING: Feature = {
  name: "pending",
  cases: {
    "waits for two requests in any order": async (guest) => expect(await said(guest, "/")).toBe("two one"),
    "polls until the response is there, which consumes the handle": async (guest) =>
      expect(await said(guest, "/1")).toBe("-2 held -1"),
    "selects the one that is done, consumes it, and keeps the other": async (guest) =>
      expect(await said(guest, "/2")).toBe("1 fast -1 held"),
    "is told of a handle that is used up or unknown": async (guest) =>
      expect(await said(guest, "/3")).toBe("1 -1 -1 -1 -1 -1"),
    "is told which request failed, and that it is used up": async (guest) =>
      expect(await said(guest, "/4", guest.nowhere)).toBe("-1 1 -1 -1"),
    "cannot select from nothing, nor send the incoming or an unknown request": async (guest) =>
      expect(await said(guest, "/5")).toBe("-1 -1 -1"),
  },
};
