import { expect, test } from "vitest";
import { BoundedText, cutText } from "./bounded-text.ts";

test("keeps what fits, to the byte", () => {
  const text = new BoundedText(6);
  expect(text.append("one\n")).toBe("one\n");
  expect(text.append("2\n")).toBe("2\n");
  expect(text.toString()).toBe("one\n2\n");
});

test("cuts at a line, says so once, and accepts nothing after that", () => {
  const text = new BoundedText(10);
  text.append("one\n");
  expect(text.append("two\nthree\n")).toBe("two\n(output cut after 10 bytes)\n");
  expect(text.append("x")).toBe("");
  expect(text.toString()).toBe("one\ntwo\n(output cut after 10 bytes)\n");
});

test("cuts a line that is too long by itself between characters", () => {
  expect(cutText("äää", 5)).toBe("ää");
  expect(cutText("äää", 6)).toBe("äää");
  expect(cutText("𝄞𝄞", 7)).toBe("𝄞");
  expect(cutText("a\nbc", 3)).toBe("a\n");
  expect(cutText("", 0)).toBe("");
});
