import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { Disassembler } from "./disassembler.ts";

const IDLE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), "terrarium-text-"));
const disassembler = new Disassembler({ folder, idleMs: IDLE_MS });
const never = new AbortController().signal;

afterAll(async () => {
  await disassembler.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A module whose only function nests this many blocks and does `work` in the innermost. */
function nested(levels: number, work: readonly number[] = []): Uint8Array {
  const block = [0x02, 0x40],
    end = 0x0b;
  const code = [
    0,
    ...Array.from({ length: levels }, () => block).flat(),
    ...work,
    ...Array<number>(levels).fill(end),
    end,
  ];
  const bodies = [1, ...leb(code.length), ...code];
  return Uint8Array.from([
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    1,
    4,
    1,
    0x60,
    0,
    0,
    3,
    2,
    1,
    0,
    10,
    ...leb(bodies.length),
    ...bodies,
  ]);
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

test("a view into other bytes is read alone", async () => {
  const bytes = nested(1);
  const within = new Uint8Array(bytes.length + 20).fill(0xff);
  within.set(bytes, 10);
  expect(await disassembler.text(within.subarray(10, 10 + bytes.length), never)).toMatch(
    /^\(module\n {2}\(type \(;0;\) \(func\)\)\n {2}\(func \(;0;\) \(type 0\)/,
  );
});

test("a thousand nested blocks are written in full", async () => {
  const text = await disassembler.text(nested(1000, [0x01]), never);
  expect([
    text.match(/^ *block/gm)?.length,
    text.match(/^ *end/gm)?.length,
    text.match(/^ *nop$/gm)?.length,
  ]).toEqual([1000, 1000, 1]);
});

test("text beyond its limit is refused, and the next module is written", async () => {
  await expect(disassembler.text(nested(300_000), never)).rejects.toMatchObject({
    code: "TER_MODULE_TEXT_UNBOUNDED",
    status: 422,
  });
  expect(await disassembler.text(nested(1), never)).toContain("block");
});

test("a module beyond the limit is not even read", async () => {
  await expect(disassembler.text(new Uint8Array(4 * 1024 * 1024 + 1), never)).rejects.toMatchObject({
    code: "TER_MODULE_TEXT_TOO_LARGE",
    status: 413,
  });
});

test("bytes that are not a module are refused", async () => {
  await expect(disassembler.text(new Uint8Array(16), never)).rejects.toMatchObject({
    code: "TER_WASM_INVALID",
  });
});

test("text that takes too long is abandoned, along with the process", async () => {
  const hasty = new Disassembler({ folder, idleMs: IDLE_MS, maxMs: 1 });
  onTestFinished(() => hasty.close());
  await expect(hasty.text(nested(1000), never)).rejects.toMatchObject({ code: "TER_MODULE_TEXT_UNBOUNDED" });
});

test("a client that disconnects ends the work", async () => {
  const gone = new AbortController();
  const text = disassembler.text(nested(1000), gone.signal);
  gone.abort(new Error("gone"));
  await expect(text).rejects.toThrow("gone");
});
