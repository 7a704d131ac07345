import { expect, test } from "vitest";
import { tomlProblem } from "./toml.ts";

test.each([
  ["a person's manifest", 'name = "hello"\n[profile.release]\nlto = true\n', null],
  ["a value with many dots", `a = "${".".repeat(1000)}"`, null],
  ["text beyond the limit", "#".repeat(256 * 1024 + 1), "it has 262145 characters; the limit is 262144"],
  ["a key of too many parts", `b = 1\n${"a.".repeat(101)}a = 1`, "line 2: a key has more than 100 parts"],
])("%s: %j", (_, text, problem) => {
  expect(tomlProblem(text)).toBe(problem);
});
