import { assert, property, string, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { formatKey, keyPath, parseKey } from "./store-key.ts";

test("any bytes come back from their notation", () => {
  assert(
    property(uint8Array({ maxLength: 40 }), (key) => {
      expect([...parseKey(formatKey(key))]).toEqual([...key]);
    }),
  );
});

test("any text comes back from its notation", () => {
  assert(
    property(string({ unit: "binary", maxLength: 20 }), (text) => {
      const key = Buffer.from(text);
      expect([...parseKey(formatKey(key))]).toEqual([...key]);
    }),
  );
});

test.each([
  ["user:1", "user:1"],
  ["größe 7", "größe 7"],
  ["..", ".."],
  ["", "base64url:"],
  ["a\nb", "base64url:YQpi"],
  [" a", "base64url:IGE"],
  ["--help", "base64url:LS1oZWxw"],
  ["\u202eabc", "base64url:4oCuYWJj"],
  ["base64url:x", "base64url:YmFzZTY0dXJsOng"],
])("%j is written %s", (text, notation) => {
  expect(formatKey(Buffer.from(text))).toBe(notation);
});

test.each(["base64url:!", "base64url:YQ==", "base64url:YR", "base64url:Y", "base64url:a+b/"])(
  "%s is no key",
  (notation) => {
    expect(() => parseKey(notation)).toThrow("is not base64url");
  },
);

test("the path of a key has no dots, no slashes, and is never empty", () => {
  expect(["..", ".", "a/b", ""].map((text) => keyPath(Buffer.from(text)))).toEqual([
    "/kv/Li4?encoding=base64url",
    "/kv/Lg?encoding=base64url",
    "/kv/YS9i?encoding=base64url",
    "/kv/=?encoding=base64url",
  ]);
});
