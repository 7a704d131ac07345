import { expect, test } from "vitest";
import type { Member } from "../types.ts";
import { type MakeStore, useStore } from "./bench.ts";

export function describeLiveness(make: MakeStore): void {
  const bench = useStore(make);

  test("members are those whose last beat is young enough, with their latest words", async () => {
    const edge: Member = {
      name: "edge-1",
      pid: 11,
      role: "edge",
      socket: "/tmp/edge-1.sock",
      atMs: bench.clock.nowMs,
    };
    const supervisor: Member = {
      name: "supervisor",
      pid: 10,
      role: "supervisor",
      socket: null,
      atMs: bench.clock.nowMs - 1000,
    };
    await bench.store.liveness.beat({ ...edge, pid: 9, atMs: 1 });
    await bench.store.liveness.beat(edge);
    await bench.other.liveness.beat(supervisor);
    expect(await bench.other.liveness.members(1001)).toEqual([edge, supervisor]);
    expect(await bench.store.liveness.members(1000)).toEqual([edge]);
    bench.clock.nowMs += 1;
    expect(await bench.store.liveness.members(1)).toEqual([]);
  });

  test("who leaves is gone at once", async () => {
    await bench.store.liveness.beat({
      name: "edge-2",
      pid: 12,
      role: "edge",
      socket: null,
      atMs: bench.clock.nowMs,
    });
    await bench.other.liveness.leave("edge-2");
    await bench.other.liveness.leave("never came");
    expect((await bench.store.liveness.members(60_000)).map((member) => member.name)).not.toContain("edge-2");
  });
}
