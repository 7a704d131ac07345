import { expect, test } from "vitest";
import { WholeLines } from "./whole-lines.ts";

test("pieces of any size go on as whole lines, the last one too", () => {
  const taken: string[] = [];
  const lines = new WholeLines((text) => void taken.push(text));
  for (const piece of ["src/ma", "in.c:1", ":2: ", "error\n", "a\nb\nc", "", "!"]) lines.write(piece);
  expect(taken).toEqual(["src/main.c:1:2: error\n", "a\nb\n"]);
  lines.end();
  lines.end();
  expect(taken.slice(2)).toEqual(["c!\n"]);
});
