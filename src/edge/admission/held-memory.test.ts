import { describe, expect, test } from "vitest";
import { HeldMemory, type MemoryAccount } from "./held-memory.ts";

/** Amounts are in pages of 64 KiB. */
const PAGE = 65_536;
const MAX = 1000 * PAGE;

const shared = () => new HeldMemory({ maxBytes: MAX, isShared: true });
const full = expect.objectContaining({ code: "TER_EDGE_MEMORY_FULL", status: 503 });

/** Opens requests that hold `bytes` each until one is refused. */
function fill(memory: HeldMemory, source: string | null, deployment: string, bytes: number): MemoryAccount[] {
  const accounts: MemoryAccount[] = [];
  while (accounts.length < 1000) {
    const account = memory.open(source, deployment);
    try {
      account.hold("guest", bytes * PAGE);
      accounts.push(account);
    } catch (error) {
      expect(error).toEqual(full);
      break;
    }
  }
  return accounts;
}

describe("memory that requests hold", () => {
  test("one source gets half, the next half of the rest, and a small request always finds room", () => {
    const memory = shared();
    expect(fill(memory, "a", "x", 10)).toHaveLength(50);
    expect(fill(memory, "b", "y", 10)).toHaveLength(25);
    memory.open("c", "z").hold("body", 100 * PAGE);
    expect(memory.bytes / PAGE).toBe(850);
  });

  test("one deployment gets two thirds, from however many sources", () => {
    const memory = shared();
    let held = 0;
    for (let source = 0; source < 200; source++) {
      try {
        memory.open(`s${source}`, "x").hold("guest", 10 * PAGE);
        held += 10;
      } catch (error) {
        expect(error).toEqual(full);
      }
    }
    expect(held).toBe(660);
    memory.open("a", "y").hold("guest", 100 * PAGE);
  });

  test("what a request holds of each kind counts once, and what ends is free again", () => {
    const memory = shared();
    const account = memory.open("a", "x");
    account.hold("body", 100 * PAGE);
    account.hold("guest", 200 * PAGE);
    account.hold("guest", 300 * PAGE);
    account.hold("answers", 50 * PAGE);
    account.hold("answers", 20 * PAGE);
    expect(memory.bytes / PAGE).toBe(420);
    account.close();
    account.hold("guest", 500 * PAGE);
    expect(memory.bytes / PAGE).toBe(0);
    expect(fill(memory, "a", "x", 10)).toHaveLength(50);
  });

  test("a refusal changes nothing", () => {
    const memory = shared();
    const account = memory.open("a", "x");
    account.hold("guest", 400 * PAGE);
    expect(() => account.hold("guest", 1001 * PAGE)).toThrow(full);
    expect(memory.bytes / PAGE).toBe(400);
    account.hold("guest", 10 * PAGE);
    expect(memory.bytes / PAGE).toBe(10);
  });

  test("a process that uses too much takes no more, but what shrinks may", () => {
    const memory = shared();
    const account = memory.open("a", "x");
    account.hold("guest", 100 * PAGE);
    memory.isFull = true;
    expect(() => memory.open("b", "y").hold("guest", 1 * PAGE)).toThrow(full);
    account.hold("guest", 50 * PAGE);
    expect(memory.bytes / PAGE).toBe(50);
  });

  test("whoever has the whole share still receives small answers", () => {
    const memory = shared();
    const [first] = fill(memory, "a", "x", 10);
    first?.hold("answers", 16_384);
    expect(() => first?.hold("answers", 16_385)).toThrow(full);
  });

  test("on a server of one's own, only the sum counts", () => {
    const memory = new HeldMemory({ maxBytes: MAX, isShared: false });
    expect(fill(memory, "a", "x", 10)).toHaveLength(100);
  });
});
