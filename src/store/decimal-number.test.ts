import { expect, it } from "vitest";
import { addDecimals, decimalOf } from "./decimal-number.ts";

const MAX = 9_223_372_036_854_775_807n;
const MIN = -9_223_372_036_854_775_808n;

it.each([0n, 1n, -1n, 10n, -907n, MAX, MIN])("reads the text of %s", (number) => {
  expect(decimalOf(Buffer.from(String(number)))).toBe(number);
});

it.each([
  "",
  "-",
  "-0",
  "00",
  "007",
  "+1",
  " 1",
  "1 ",
  "1\n",
  "1.0",
  "1e3",
  "0x1",
  "1_000",
  "\u0661",
  "9223372036854775808",
  "-9223372036854775809",
  "10000000000000000000",
  "1".repeat(1000),
])("reads no number in %j", (text) => {
  expect(decimalOf(Buffer.from(text))).toBeUndefined();
});

it("adds up to the largest and down to the smallest number, and not beyond", () => {
  expect(addDecimals(MAX - 1n, 1n)).toBe(MAX);
  expect(addDecimals(MAX, 1n)).toBeUndefined();
  expect(addDecimals(MIN + 1n, -1n)).toBe(MIN);
  expect(addDecimals(MIN, -1n)).toBeUndefined();
  expect(addDecimals(MAX, MIN)).toBe(-1n);
});
