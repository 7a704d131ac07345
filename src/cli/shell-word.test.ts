import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shell-word.ts";

test.each([["hello"], ["two words"], ["it's"], ["$HOME"], ["`id`"], ["~"], [""], ["a\nb"], ["größe"]])(
  "a shell reads %j back from its word",
  (text) => {
    const read = execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" });
    expect(read).toBe(text);
  },
);

test("a word that needs no quotes has none", () => {
  expect(shellWord("./my-project_2")).toBe("./my-project_2");
});
