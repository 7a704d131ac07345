import { expect, it } from "vitest";
import { EDGE_V8_FLAGS, edgeV8Flags } from "./v8-flags.ts";

it("the flags of edges are known to the running Node", () => {
  expect(edgeV8Flags({ path: process.execPath, version: "99.0.0" })).toEqual(EDGE_V8_FLAGS);
});

it("flags that a Node does not know are left out", () => {
  expect(edgeV8Flags({ path: "/bin/false", version: "99.0.0" })).toEqual([]);
});
