import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

test.each([
  ["5m", 300_000],
  ["90s", 90_000],
  ["1.5h", 5_400_000],
  ["2h30m", 9_000_000],
  ["250ms", 250],
  ["7d", 604_800_000],
  ["never", null],
  [" NEVER ", null],
  ["0s", undefined],
  ["5", undefined],
  ["m", undefined],
  ["-5m", undefined],
  ["5m x", undefined],
  ["999999999d", undefined],
])("the duration %j is %s ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  [300_000, "5m"],
  [9_000_000, "2h30m"],
  [null, "never"],
  [250, "250ms"],
  [90_000, "1m30s"],
])("%s ms read as %j, which means the same again", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
  expect(parseDuration(text)).toBe(ms);
});
