import * as fc from "fast-check";
import { expect, test } from "vitest";
import { boundedJson, MAX_ANSWER_BYTES } from "./bounded-answer.ts";

test("any text becomes complete JSON within the limit, and short texts stay unchanged", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 6000 }),
    fc
      .array(fc.constantFrom("é\n", "\u0000", '"\\', "line of text\n", "😀", "\ud800"), { maxLength: 3000 })
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (message) => {
      const json = boundedJson({ id: "a-b-c-d", success: false, message });
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
      const parsed = JSON.parse(json) as { id: string; message: string };
      expect(parsed.id).toBe("a-b-c-d");
      if (parsed.message !== message)
        expect(message.startsWith(parsed.message.slice(0, parsed.message.lastIndexOf("\n[cut")))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("long text is cut at the end of a line", () => {
  const message = Array.from({ length: 500 }, (_, line) => `src/main.c:${line}:1: error: something`).join(
    "\n",
  );
  const { message: cut } = JSON.parse(boundedJson({ message })) as { message: string };
  const lines = cut.split("\n");
  expect(lines.pop()).toMatch(/^\[cut/);
  for (const line of lines) expect(line).toMatch(/^src\/main\.c:\d+:1: error: something$/);
  expect(lines.length).toBeGreaterThan(60);
});
