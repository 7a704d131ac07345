import * as fc from "fast-check";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { TerrariumError } from "../../errors/index.ts";
import { BODY_IDLE_MS, BodyReads } from "./body.ts";
import { inspectHead, pathOfTarget } from "./head.ts";

const LIMITS = { urlBytes: 100, headerBytes: 1000, headerCount: 10 };

describe("a head", () => {
  it("with any single framing header twice is refused, in any letter case", () => {
    const spelling = (name: string) =>
      fc
        .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
        .map((upper) => [...name].map((c, i) => (upper[i] ? c.toUpperCase() : c)).join(""));
    const pair = fc
      .constantFrom("host", "content-length", "transfer-encoding")
      .chain((name) => fc.tuple(spelling(name), spelling(name)));
    fc.assert(
      fc.property(pair, ([first, second]) => {
        expect(() => inspectHead("/", [first, "1", "x-between", "", second, "1"], LIMITS)).toThrow(
          /malformed/,
        );
      }),
    );
  });

  it("never fails the inspection with anything but a TerrariumError", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.tuple(fc.string(), fc.string())), (target, headers) => {
        try {
          inspectHead(target, headers.flat(), LIMITS);
          pathOfTarget("GET", target, "a.test");
        } catch (error) {
          expect(error).toHaveProperty("code", expect.stringMatching(/^TER_EDGE_/));
        }
      }),
    );
  });
});

const ROOM = { maxBytes: 100, hold: () => undefined };

describe("a body", () => {
  it("that makes no progress is abandoned; one that trickles is not", async () => {
    let now = 0;
    const reads = new BodyReads(() => now);
    const [still, dripping] = [new PassThrough(), new PassThrough()];
    const stalled = reads.read(still, ROOM, null);
    const read = reads.read(dripping, ROOM, null);
    const rejected = expect(stalled).rejects.toMatchObject({ code: "TER_EDGE_TIMEOUT" });
    for (let step = 0; step < 3; step++) {
      now += BODY_IDLE_MS / 2 + 1;
      await new Promise<void>((resolve) => dripping.once("data", () => resolve()) && dripping.write("x"));
      reads.sweep();
    }
    await rejected;
    dripping.end();
    expect(Buffer.from(await read).toString()).toBe("xxx");
    expect(reads.size).toBe(0);
  });

  it("is refused when there is no memory for what it announces or for what arrives", async () => {
    const reads = new BodyReads(() => 0);
    const full = new TerrariumError("TER_EDGE_BUSY");
    const room = {
      maxBytes: 100,
      hold: (bytes: number) => {
        if (bytes > 5) throw full;
      },
    };
    await expect(reads.read(new PassThrough(), room, 6)).rejects.toBe(full);
    const source = new PassThrough();
    const read = reads.read(source, room, null);
    source.write("12345");
    source.write("6");
    await expect(read).rejects.toBe(full);
    expect(reads.size).toBe(0);
  });

  it("that was refused is discarded up to a limit, then cut off", async () => {
    const reads = new BodyReads(() => 0);
    const source = new PassThrough();
    reads.refuse(source);
    const chunk = Buffer.alloc(1024 * 1024);
    let written = 0;
    while (!source.destroyed && written < 64) {
      source.write(chunk);
      written++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([source.destroyed, written]).toEqual([true, 33]);
    expect(reads.size).toBe(0);
  });
});
