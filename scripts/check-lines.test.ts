import { expect, it } from "vitest";
import { longLines } from "./check-lines.ts";

const words = (columns: number): string => "word ".repeat(columns).slice(0, columns);

it("a line of 110 columns passes and one of 111 does not", () => {
  expect(longLines(`${words(110)}\n${words(111)}`)).toEqual([{ line: 2, columns: 111 }]);
});

it("counts characters rather than UTF-16 units", () => {
  expect(longLines(`${words(108)}🌱🌱`)).toEqual([]);
});

it("leaves out what cannot be broken", () => {
  const lines = [
    `| ${words(120)} |`,
    `// https://example.com/ ${words(100)}`,
    `/${words(120)}/g,`,
    "x".repeat(111),
  ];
  expect(longLines(lines.join("\n"))).toEqual([]);
});
