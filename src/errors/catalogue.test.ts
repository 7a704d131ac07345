import { expect, test } from "vitest";
import { CATALOGUE, type ErrorEntry, TerrariumError } from "./index.ts";

const ENTRIES: [string, ErrorEntry][] = Object.entries(CATALOGUE);

test.each(ENTRIES)(
  "%s: both texts begin with a capital or a value, and end without a full stop",
  (_, entry) => {
    for (const text of [entry.message, entry.fix]) {
      expect(text).toMatch(/^[A-Z`"{]/);
      expect(text).not.toMatch(/[.!;:]$/);
    }
  },
);

test.each(ENTRIES)("%s: a text about a limit says which it is", (_, { message }) => {
  if (/\blimit\b/i.test(message))
    expect(message).toMatch(/limit (is|of) \{\w+\}|limit \(\{\w+\}\)|limit of \{/);
});

test.each(ENTRIES)("%s: has a status that HTTP knows", (_, { status }) => {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
});

test("texts are filled from the details, and numbers get separators", () => {
  const error = new TerrariumError("TER_KV_VALUE_TOO_LARGE", { used: 1_300_000, allowed: 1_048_576 });
  expect(error.message).toBe("Cannot store value: 1,300,000 bytes; the limit is 1,048,576");
  expect(error.fix).toBe("Store less under one key, or raise the limit with --limit valueBytes=N");
  expect(error.text).toBe(`${error.message}. ${error.fix}`);
});

test("a placeholder without a detail of its own stays, even if objects inherit that name", () => {
  const error = TerrariumError.of("TER_GUEST_PANIC", {});
  expect(error.message).toBe("The program panicked: {message}");
});

test("text from the program or its compiler is shown alone", () => {
  const error = new TerrariumError("TER_GUEST_PANIC", { message: "no more tea" });
  expect(error.text).toBe("The program panicked: no more tea");
  expect(error.fix).not.toBe("");
});

test("an error knows the exit code of a command", () => {
  const codes = [
    new TerrariumError("TER_RUST_MANIFEST", { reason: "x" }),
    new TerrariumError("TER_NO_MODULE", { id: "x" }),
    new TerrariumError("TER_RUST_NO_REGISTRY", { known: "serde" }),
  ].map(({ exitCode }) => exitCode);
  expect(codes).toEqual([3, 6, 4]);
});
