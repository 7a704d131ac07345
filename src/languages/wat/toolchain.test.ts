import { describe, expect, test } from "vitest";
import { createToolchain } from "./toolchain.ts";

async function messageOf(body: string): Promise<string | null> {
  const { compile } = await createToolchain();
  const text = `(module (tag $e) (func ${body}))`;
  const files = new Map([["src/main.wat", new TextEncoder().encode(text)]]);
  const { diagnostics } = await compile({ files, flags: [], write: () => undefined });
  return diagnostics[0]?.message ?? null;
}

describe("old exceptions", () => {
  test.each([
    "(try (do (throw $e)) (catch $e))",
    "(try $l (do (throw $e)) (catch_all (rethrow $l)))",
    "(try (do (try (do (throw $e)) (delegate 0))) (catch_all))",
  ])("in the folded form %s are refused with what to write instead", async (body) => {
    expect(await messageOf(body)).toContain("Write it as a sequence (try … catch … end), or use try_table");
  });

  test.each(["try throw $e catch $e end", "try $l throw $e catch_all rethrow $l end"])(
    "as the sequence %s assemble",
    async (body) => {
      expect(await messageOf(body)).toBeNull();
    },
  );

  test("are not blamed for other unknown words", async () => {
    expect(await messageOf("(oops)")).toBe('unknown operator or unexpected token "oops"');
  });
});
