import { expect, test } from "vitest";
import { joinFlagValues } from "./flag-values.ts";

test.each([
  [["--flag", "-C link-arg=-zstack-size=1048576"], ["--flag=-C link-arg=-zstack-size=1048576"]],
  [
    ["deploy", "--flag", "-O3", "--flag", "-DX=1", "-C", "folder"],
    ["deploy", "--flag=-O3", "--flag=-DX=1", "-C", "folder"],
  ],
  [
    ["deploy", "--flag", "speed", "."],
    ["deploy", "--flag", "speed", "."],
  ],
  [["--flag=-g"], ["--flag=-g"]],
  [
    ["deploy", "--flag"],
    ["deploy", "--flag"],
  ],
])("%j is read as %j", (words, read) => {
  expect(joinFlagValues(words)).toEqual(read);
});
