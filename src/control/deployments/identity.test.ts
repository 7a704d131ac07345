import { expect, test } from "vitest";
import { digestOf } from "../../store/digest.ts";
import { drawId, drawToken, isDeploymentId, tokenMatches } from "./identity.ts";

test("names are four words, and 20,000 of them show no favourite first word", () => {
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 20_000; draw++) {
    const id = drawId();
    if (!isDeploymentId(id)) throw new Error(id);
    const [word = ""] = id.split("-");
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  // 9.8 per word are expected; 40 would be ten standard deviations away.
  expect(counts.size).toBeGreaterThan(2000);
  expect(Math.max(...counts.values())).toBeLessThan(40);
});

test.each([
  "",
  "a-b-c-d",
  "one-two-three",
  "One-two-three-four",
  "one-two-three-four-five",
  "../one-two-three",
  "one-two-three-fourteenth",
])("%j is no name", (text) => {
  expect(isDeploymentId(text)).toBe(false);
});

test("a token has 192 bits and matches only its own digest", () => {
  const token = drawToken();
  expect(Buffer.from(token, "base64url")).toHaveLength(24);
  expect(tokenMatches(token, digestOf(token))).toBe(true);
  expect(tokenMatches(drawToken(), digestOf(token))).toBe(false);
  expect(tokenMatches("", digestOf(token))).toBe(false);
});
