import { expect, test } from "vitest";
import { parseClangText } from "./diagnostics.ts";

test("the text of clang and the linker gives locations, severities and messages", () => {
  const text = [
    "In file included from src/main.c:1:",
    "src/a b.h:3:9: warning: unused variable 'x' [-Wunused-variable]",
    "    3 |     int x;",
    "src/main.c:7:1: fatal error: too many errors: stopping",
    "src/main.c:8:2: note: previous definition is here",
    "clang: error: unknown argument: '-fnope'",
    "wasm-ld: error: src/main.c.o: undefined symbol: f",
    "1 error generated.",
  ].join("\n");
  expect(parseClangText(text)).toEqual([
    {
      severity: "warning",
      file: "src/a b.h",
      line: 3,
      column: 9,
      message: "unused variable 'x' [-Wunused-variable]",
    },
    { severity: "error", file: "src/main.c", line: 7, column: 1, message: "too many errors: stopping" },
    { severity: "note", file: "src/main.c", line: 8, column: 2, message: "previous definition is here" },
    { severity: "error", file: null, line: null, column: null, message: "unknown argument: '-fnope'" },
    {
      severity: "error",
      file: "src/main.c",
      line: null,
      column: null,
      message: "src/main.c.o: undefined symbol: f",
    },
  ]);
});
