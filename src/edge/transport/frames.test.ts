import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataPrefix, endFrame, headFrame, MAX_DATA_BYTES, MessageReader } from "./frames.ts";

/** What a reader makes of bytes that arrive in these pieces; `error` if it refuses them. */
function read(pieces: readonly Buffer[], bodyBytes: number | null = null): string[] {
  const told: string[] = [];
  const reader = new MessageReader({
    head: (head) => {
      told.push(`head ${JSON.stringify(head)}`);
      return bodyBytes;
    },
    data: (bytes) => void told.push(`data ${bytes.toString("hex")}`),
    end: () => void told.push("end"),
  });
  try {
    for (const piece of pieces) reader.push(piece);
  } catch {
    told.push("error");
  }
  return told;
}

const data = (text: string) => Buffer.concat([dataPrefix(text.length), Buffer.from(text)]);
const message = Buffer.concat([headFrame({ a: "\r\n\r\n\xff" }), data("GET / HTTP/1.1\r\n\r\n"), endFrame()]);

describe("messages between processes", () => {
  it("read the same however their bytes arrive", () => {
    const whole = read([message]);
    expect(whole.map((told) => told.split(" ")[0])).toEqual(["head", "data", "end"]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: message.length })), (cuts) => {
        const at = [0, ...cuts.toSorted((one, other) => one - other), message.length];
        expect(read(at.slice(1).map((end, index) => message.subarray(at[index], end)))).toEqual(whole);
      }),
    );
  });

  it("end where they announce, and nothing follows", () => {
    expect(read([message, Buffer.from("x")]).at(-1)).toBe("error");
    expect(read([Buffer.concat([message, message])]).at(-1)).toBe("error");
  });

  it("have a body of the length that they announce", () => {
    expect(read([headFrame({}), data("hello"), endFrame()], 5).at(-1)).toBe("end");
    expect(read([headFrame({}), data("hello"), data("!")], 5)).toEqual([
      "head {}",
      "data 68656c6c6f",
      "error",
    ]);
    expect(read([headFrame({}), data("hell"), endFrame()], 5).at(-1)).toBe("error");
  });

  it("have one head, which comes first", () => {
    expect(read([data("x")])).toEqual(["error"]);
    expect(read([endFrame()])).toEqual(["error"]);
    expect(read([headFrame({}), headFrame({})])).toEqual(["head {}", "error"]);
  });

  it("are refused at the length of a frame, before its bytes are held", () => {
    expect(read([headFrame({}), dataPrefix(MAX_DATA_BYTES + 1)])).toEqual(["head {}", "error"]);
    expect(read([Buffer.from([1, 0xff, 0xff, 0xff, 0xff])])).toEqual(["error"]);
    expect(read([Buffer.from("GET / HTTP/1.1\r\n\r\n")])).toEqual(["error"]);
  });

  it("never yield more than announced when bytes are changed", () => {
    fc.assert(
      fc.property(fc.nat(message.length - 1), fc.integer({ min: 0, max: 255 }), (index, byte) => {
        const changed = Buffer.from(message);
        changed[index] = byte;
        const told = read([changed]);
        expect(told.filter((one) => one === "end").length).toBeLessThanOrEqual(1);
        expect(told.filter((one) => one.startsWith("head")).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
