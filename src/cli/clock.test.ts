import { expect, test } from "vitest";
import { clockText } from "./clock.ts";

const NOW = Date.parse("2026-05-02T00:10:00Z");

test("a moment of today is its time in UTC", () => {
  expect(clockText(Date.parse("2026-05-02T14:03:22.512Z"), NOW)).toBe("14:03:22Z");
  expect(clockText(Date.parse("2026-05-02T14:03:22.512Z"), NOW, true)).toBe("14:03:22.512Z");
});

test("a moment of another day has its date, however near it is", () => {
  expect(clockText(Date.parse("2026-05-01T23:59:59Z"), NOW)).toBe("2026-05-01 23:59:59Z");
});
