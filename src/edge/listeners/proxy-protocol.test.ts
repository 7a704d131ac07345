import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPreamble } from "./proxy-protocol.ts";

const SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");

function binary(command: number, family: number, content: readonly number[]): Buffer {
  const length = Buffer.from([content.length >> 8, content.length & 255]);
  return Buffer.concat([SIGNATURE, Buffer.from([command, family]), length, Buffer.from(content)]);
}
const TCP4 = [192, 0, 2, 7, 10, 0, 0, 1, 0x12, 0x34, 0, 80];
const TCP6 = [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 7, ...Array<number>(16).fill(1), 1, 2, 0, 80];
const MAPPED = [
  ...Array<number>(10).fill(0),
  255,
  255,
  192,
  0,
  2,
  7,
  ...Array<number>(16).fill(1),
  1,
  2,
  0,
  80,
];

describe("a preamble", () => {
  it.each([
    ["PROXY TCP4 192.0.2.7 10.0.0.1 4660 80\r\n", "192.0.2.7"],
    ["PROXY TCP6 2001:db8::7 ::1 4660 80\r\n", "2001:db8::7"],
    ["PROXY UNKNOWN\r\n", null],
    ["PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", null],
    [binary(0x21, 0x11, TCP4), "192.0.2.7"],
    [binary(0x21, 0x11, [...TCP4, 4, 0, 1, 9]), "192.0.2.7"],
    [binary(0x21, 0x21, TCP6), "2001:db8::7"],
    [binary(0x21, 0x21, MAPPED), "192.0.2.7"],
    [binary(0x20, 0x11, TCP4), null],
    [binary(0x20, 0, []), null],
    [binary(0x21, 0x31, Array<number>(216).fill(0)), null],
  ])("%j says %s, however it is cut", (text, address) => {
    const bytes = Buffer.from(text as string, "latin1");
    const all = Buffer.concat([bytes, Buffer.from("GET / HTTP/1.1\r\n")]);
    expect(readPreamble(all)).toEqual({ address, bytes: bytes.length });
    for (let length = 0; length < bytes.length; length++)
      expect(readPreamble(all.subarray(0, length))).toBe("more");
  });

  it.each([
    "GET / HTTP/1.1\r\n",
    "PROXY TCP4 192.0.2.7\r\n",
    "PROXY TCP4 ::1 ::1 1 1\r\n",
    "PROXY TCP6 192.0.2.7 192.0.2.7 1 1\r\n",
    "PROXY TCP4 999.0.2.7 10.0.0.1 4660 80\r\n",
    `PROXY UNKNOWN ${"x".repeat(100)}\r\n`,
    "PROXYTCP4",
    "\x16\x03\x01",
    "\r\n\r\nGET",
    binary(0x11, 0x11, TCP4),
    binary(0x22, 0x11, TCP4),
    binary(0x21, 0x11, TCP4.slice(0, 8)),
    binary(0x21, 0x11, Array<number>(5000).fill(0)),
  ])("%j is none", (text) => expect(readPreamble(Buffer.from(text as string, "latin1"))).toBeNull());

  it("of random bytes is refused, or wants no more than its limit", () => {
    const starts = fc.constantFrom(SIGNATURE, Buffer.from("PROXY "), Buffer.alloc(0));
    const check = (start: Buffer, rest: Uint8Array) => {
      const bytes = Buffer.concat([start, rest]);
      const preamble = readPreamble(bytes);
      if (preamble === "more")
        expect(readPreamble(Buffer.concat([bytes, Buffer.alloc(8192)]))).not.toBe("more");
      else if (preamble !== null) expect(preamble.bytes).toBeLessThanOrEqual(bytes.length);
    };
    fc.assert(fc.property(starts, fc.uint8Array({ maxLength: 64 }), check), { numRuns: 20_000, seed: 7 });
  });
});
