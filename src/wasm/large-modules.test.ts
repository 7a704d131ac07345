// Modules made to be slow to rewrite: the rewriter must stay linear in the size of the module.
import { describe, expect, it } from "vitest";
import { ByteWriter } from "./writing/byte-writer.ts";
import { TEST_OPTIONS } from "./testing/fixtures.ts";
import { rewriteModule } from "./rewrite-module.ts";
import { HEADER } from "./reading/sections.ts";

const FUNCTION_BYTES = 2_000_000;
/** Linear work takes a tenth of this; quadratic work would take hours. */
const PATIENCE_MS = 15_000;

/** A module whose functions () -> () have the given bodies; the first is `run`, all are in a table. */
function moduleOf(...bodies: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter().bytes(HEADER);
  const section = (id: number, contents: ByteWriter): void =>
    void out.byte(id).unsigned(contents.length).bytes(contents.view());
  section(1, new ByteWriter().bytes([1, 0x60, 0, 0]));
  section(3, vector(bodies.map(() => [0])));
  section(4, new ByteWriter().bytes([1, 0x70, 0]).unsigned(bodies.length));
  section(7, new ByteWriter().bytes([1]).name("run").bytes([0, 0]));
  section(
    9,
    new ByteWriter()
      .bytes([1, 0, 0x41, 0, 0x0b])
      .bytes(vector(bodies.map((_body, index) => new ByteWriter().unsigned(index).view())).view()),
  );
  section(
    10,
    vector(
      bodies.map((body) =>
        new ByteWriter(body.length + 8)
          .unsigned(body.length + 2)
          .byte(0)
          .bytes(body)
          .byte(0x0b)
          .view(),
      ),
    ),
  );
  return out.view();
}

function vector(entries: readonly ArrayLike<number>[]): ByteWriter {
  const out = new ByteWriter().unsigned(entries.length);
  for (const entry of entries) out.bytes(entry);
  return out;
}

function repeated(bytes: readonly number[], count: number): Uint8Array {
  return Uint8Array.from({ length: bytes.length * count }, (_, at) => bytes[at % bytes.length] ?? 0);
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const LOOP = [0x03, 0x40];
const DEEP = FUNCTION_BYTES / 10;

const MODULES: Readonly<Record<string, () => Uint8Array>> = {
  "one loop after the other": () => moduleOf(repeated([...LOOP, 0x0c, 0x00, 0x0b], FUNCTION_BYTES / 5)),
  "loops in loops, and branches to them from within": () =>
    moduleOf(
      join(
        repeated(LOOP, DEEP),
        repeated([0x02, 0x40, 0x41, 0, 0x0d, 0x05, 0x0b], DEEP),
        repeated([0x0b], DEEP),
      ),
    ),
  "constants before each loop": () =>
    moduleOf(join(repeated([...LOOP, 0x41, 0x00, 0x1a, 0x41, 0x00, 0x0d, 0x00, 0x0b], FUNCTION_BYTES / 10))),
  "indirect calls of a type with many functions": () =>
    moduleOf(
      repeated([0x41, 0, 0x11, 0, 0], FUNCTION_BYTES / 5),
      ...Array.from({ length: 50_000 }, () => Uint8Array.of(0x41, 0, 0x11, 0, 0)),
    ),
  "calls in a chain of many functions": () =>
    moduleOf(
      ...Array.from({ length: 100_000 }, (_, index) =>
        new ByteWriter(8)
          .byte(0x10)
          .unsigned(Math.min(index + 1, 99_999))
          .view(),
      ),
    ),
};

describe("large modules", () => {
  it.each(Object.entries(MODULES))("of %s are rewritten in linear time", (_what, make) => {
    const bytes = make();
    const since = performance.now();
    const rewritten = rewriteModule(bytes, { ...TEST_OPTIONS, maxTableEntries: 200_000 });
    expect(performance.now() - since).toBeLessThan(PATIENCE_MS);
    expect(WebAssembly.validate(rewritten.bytes)).toBe(true);
  });
});
