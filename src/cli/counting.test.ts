import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { countingUp } from "./counting.ts";
import { Terminal } from "./terminal.ts";
import { readEnvironment } from "../config/environment.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

test("a long count is told once a second, with the total where it is known", () => {
  const terminal = new Terminal({}, readEnvironment({}, "/home/someone"));
  const told: string[] = [];
  vi.spyOn(terminal, "notice").mockImplementation((text) => void told.push(text));
  const count = countingUp(terminal, "deployments copied");
  for (let done = 0; done < 40; done++) {
    count(done, 40);
    vi.advanceTimersByTime(100);
  }
  count(40);
  expect(told).toEqual([
    "10 of 40 deployments copied",
    "20 of 40 deployments copied",
    "30 of 40 deployments copied",
    "40 deployments copied",
  ]);
});
