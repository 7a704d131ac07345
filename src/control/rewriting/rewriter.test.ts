import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import wabt from "wabt";
import { TerrariumError } from "../../errors/index.ts";
import { Rewriter, type RewriteLimits } from "./rewriter.ts";

const LIMITS: RewriteLimits = {
  memoryPages: 16,
  tableEntries: 100,
  compileMs: 30_000,
  compileBytes: 2 ** 30,
};
const open: Rewriter[] = [];

afterEach(() => {
  for (const rewriter of open.splice(0)) rewriter.close();
});

test("rewrites one module after the other", async () => {
  const rewriter = make(LIMITS);
  const [first, second] = await Promise.all([
    rewriter.rewrite(await module("")),
    rewriter.rewrite(await module("(memory 2)")),
  ]);
  expect(first?.layout.memory).toBeNull();
  expect(second?.layout.memory).toEqual(expect.objectContaining({ initialPages: 2, maximumPages: 16 }));
});

test("refuses with the code and details of the check, and continues", async () => {
  const rewriter = make(LIMITS);
  const refusal = await rewriter
    .rewrite(await module('(import "env" "nothing" (func))'))
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(TerrariumError);
  expect((refusal as TerrariumError).code).toBe("TER_WASM_UNKNOWN_IMPORT");
  expect((refusal as TerrariumError).message).toContain("env.nothing");
  expect((refusal as TerrariumError).fix).toContain("docs/reference/hostcalls.md");
  expect((refusal as TerrariumError).details).toEqual({ kind: "function", module: "env", name: "nothing" });
  await expect(rewriter.rewrite(await module(""))).resolves.toHaveProperty("layout");
});

test("abandons a module at the limit, and accepts the next one", async () => {
  const rewriter = make({ ...LIMITS, compileMs: 1 });
  const large = await module(
    Array.from({ length: 20_000 }, (_, index) => `(func (result i32) i32.const ${index})`).join(""),
  );
  await expect(rewriter.rewrite(large)).rejects.toHaveProperty("code", "TER_WASM_COMPILE_TIMEOUT");
  const patient = make(LIMITS);
  await expect(patient.rewrite(large)).resolves.toHaveProperty("layout");
});

test("ends a process that takes too much memory, and goes on with the next", async () => {
  const small = make({ ...LIMITS, compileBytes: 160 * 2 ** 20 });
  const stores = "(i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 7)))".repeat(300);
  const heavy = await module(`(memory 1) ${`(func (param i32) ${stores})`.repeat(4000)}`);
  const refusal = await small.rewrite(heavy).catch((error: TerrariumError) => error.code);
  expect(refusal === "TER_WASM_COMPILE_MEMORY").toBe(true);
  await expect(small.rewrite(await module(""))).resolves.toHaveProperty("layout");
  expect((await make(LIMITS).rewrite(heavy)).layout.memory).not.toBeNull();
});

test("uses no process twice", async () => {
  const rewriter = make(LIMITS);
  const before = new Set(childrenOf(process.pid));
  await rewriter.rewrite(await module(""));
  const between = new Set(childrenOf(process.pid));
  await rewriter.rewrite(await module(""));
  const after = new Set(childrenOf(process.pid));
  const [first] = [...between].filter((pid) => !before.has(pid));
  expect(first).toBeDefined();
  expect(after.has(first ?? "")).toBe(false);
});

function childrenOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ").filter(Boolean);
}

function make(limits: RewriteLimits): Rewriter {
  const rewriter = new Rewriter(limits, null);
  open.push(rewriter);
  return rewriter;
}

async function module(fields: string): Promise<Uint8Array> {
  const parsed = (await wabt()).parseWat("module.wat", `(module ${fields} (func (export "run")))`);
  return parsed.toBinary({}).buffer;
}
