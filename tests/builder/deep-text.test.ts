// Text that nests deeper than wabt can read: what wasm2wat prints of modules that were built without
// optimising.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BuildFailure, createBuilder } from "../../src/builder/index.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";

const LEVELS = 1000;
const dataDir = mkdtempSync(join(tmpdir(), "terrarium-deep-"));
const builder = createBuilder({ dataDir, limits: DEFAULT_LIMITS });

afterAll(async () => {
  await builder.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test("assembles a thousand nested blocks, and keeps what they do", async () => {
  const leaves = Array.from(
    { length: LEVELS },
    (_, level) =>
      `local.get 0 i32.const ${LEVELS - level} i32.eq br_if 0 ` +
      `end local.get 1 i32.const 1 i32.add local.set 1`,
  );
  const { wasm } =
    await build(`(module (func (export "run")) (func (export "depth") (param i32) (result i32) (local i32)
    ${"block\n".repeat(LEVELS)} ${leaves.join("\n")} local.get 1))`);
  const { depth } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(wasm))).exports;
  expect(depth?.(3)).toBe(LEVELS);
});

test("says where deep text is wrong", async () => {
  const failure = await build(
    `(module (func (export "run")\n${"block\n".repeat(200)} nonsense ${"end ".repeat(200)}))`,
  ).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(BuildFailure);
  const [finding] = (failure as BuildFailure).diagnostics;
  expect(finding).toMatchObject({ severity: "error", file: "src/main.wat", line: 202 });
});

function build(text: string): Promise<{ wasm: Uint8Array }> {
  return builder.build(new Map([["src/main.wat", new TextEncoder().encode(text)]]), {
    hint: "wasm",
    flags: [],
  });
}
