import { expect, test } from "vitest";
import { inMebibytes, parseByteSize } from "./byte-size.ts";

test.each([
  ["1024", 1024],
  ["512M", 512 * 2 ** 20],
  ["1.5g", 1.5 * 2 ** 30],
  ["2 GiB", 2 ** 31],
  ["64kb", 65_536],
  ["1T", 2 ** 40],
])("%s is a size", (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

test.each(["", "0", "M", "-1G", "1e9", "1.2.3M", "12 apples", "999999999999999T", "1GB/s"])(
  "%j is no size",
  (text) => {
    expect(parseByteSize(text)).toBeUndefined();
  },
);

test("sizes are shown in whole mebibytes", () => {
  expect([inMebibytes(1), inMebibytes(2 ** 30)]).toEqual(["1 MiB", "1024 MiB"]);
});
