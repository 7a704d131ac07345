import { afterEach, expect, test, vi } from "vitest";
import { StatusLine } from "./status-line.ts";

afterEach(() => void vi.useRealTimers());

function open(isLive: boolean) {
  let text = "";
  const line = new StatusLine({ write: (piece) => (text += piece) }, isLive);
  return { line, text: () => text };
}

test("pieces of a line stay one line, and the next message begins a line of its own", () => {
  const { line, text } = open(false);
  for (const piece of ["src/main.c:1", ":5: err", "or: x"]) line.write(piece);
  line.writeLine("error: Build failed");
  line.write("");
  line.writeLine("fix: it");
  expect(text()).toBe("src/main.c:1:5: error: x\nerror: Build failed\nfix: it\n");
});

test("a wait moves from half a second on, and leaves nothing behind", () => {
  vi.useFakeTimers();
  const { line, text } = open(true);
  line.waitFor("Compiling");
  vi.advanceTimersByTime(400);
  expect(text()).toBe("");
  vi.advanceTimersByTime(1000);
  const drawn = text().split("\r\u001b[2K").slice(1);
  expect(new Set(drawn).size).toBeGreaterThan(4);
  expect(drawn.at(-1)).toMatch(/^ {2}. Compiling 1 s$/);
  line.writeLine("done");
  line.waitFor(null);
  vi.advanceTimersByTime(5000);
  expect(text().endsWith("\r\u001b[2Kdone\n")).toBe(true);
});

test("nothing moves where nobody watches", () => {
  vi.useFakeTimers();
  const { line, text } = open(false);
  line.waitFor("Compiling");
  vi.advanceTimersByTime(5000);
  expect(text()).toBe("");
});
