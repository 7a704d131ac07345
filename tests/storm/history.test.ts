// The checker itself: what it must accept, and what it must find.
import { expect, test } from "vitest";
import { type Operation, violationsOf } from "./history.ts";

const append = (token: string, beganMs: number, answeredMs: number | null): Operation => ({
  kind: "append",
  token,
  beganMs,
  answeredMs,
});
const read = (value: string, beganMs: number, answeredMs: number): Operation => ({
  kind: "read",
  value,
  beganMs,
  answeredMs,
});

test.each<[string, Operation[], string]>([
  ["appends at once, in either order", [append("a", 0, 5), append("b", 1, 4)], "b;a;"],
  ["an append without an answer that happened", [append("a", 0, null)], "a;"],
  ["an append without an answer that did not happen", [append("a", 0, null)], ""],
  [
    "a read beside an append, before or after it",
    [append("a", 0, 5), read("", 1, 2), read("a;", 3, 4)],
    "a;",
  ],
])("accepts %s", (_name, operations, end) => {
  expect(violationsOf(operations, end)).toEqual([]);
});

test.each<[string, Operation[], string, RegExp]>([
  ["a lost append", [append("a", 0, 1)], "", /lost/],
  ["a doubled append", [append("a", 0, 1)], "a;a;", /twice/],
  ["an invented append", [], "a;", /never appended/],
  ["appends out of order", [append("a", 0, 1), append("b", 2, 3)], "b;a;", /before it/],
  ["a read of something else", [append("a", 0, 1), read("x;", 2, 3)], "a;", /prefix/],
  ["a stale read", [append("a", 0, 1), read("", 2, 3)], "a;", /were there/],
  ["reads that go back", [append("a", 0, null), read("a;", 1, 2), read("", 3, 4)], "a;", /were there/],
])("finds %s", (_name, operations, end, what) => {
  expect(
    violationsOf(operations, end)
      .map(({ text }) => text)
      .join("\n"),
  ).toMatch(what);
});
