import { expect, test } from "vitest";
import { deepestNesting } from "./nesting.ts";

const depth = (text: string): number => deepestNesting(new TextEncoder().encode(text));

test("counts parentheses of folded expressions", () => {
  expect(depth("(module (func (drop (i32.add (i32.const 1) (i32.const 2)))))")).toBe(5);
});

test("counts flat blocks between their beginning and end", () => {
  expect(depth("(module (func block loop if nop end end end block end))")).toBe(5);
  expect(depth(`(module (func ${"block ".repeat(300)}${"end ".repeat(300)}))`)).toBe(302);
});

test("does not count a folded block twice", () => {
  expect(depth("(module (func (block (loop (nop)))))")).toBe(5);
});

test("takes a delegate for the end of its try", () => {
  expect(depth(`(module (func ${"try do delegate 0 ".repeat(9)}))`)).toBe(3);
});

test("passes over strings and comments", () => {
  expect(depth('(module (data "((((\\"((") ;; ((( block\n (; ((( (; block ;) ;) (func))')).toBe(2);
});

test("passes over names that begin as keywords do", () => {
  expect(depth("(module (func $block (local $if i32) local.get $if drop))")).toBe(3);
});
