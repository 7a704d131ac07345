import { describe, expect, it } from "vitest";
import type { DeploymentId } from "../../store/types.ts";
import { FORGIVEN_AFTER_MS, MAX_APART, OFFENCES, Quarantine, QUIET_MS } from "./quarantine.ts";

const BURNER = "burner" as DeploymentId;

function world() {
  const state = {
    nowMs: 0,
    requests: 0,
    drained: [] as string[],
    routes: new Map<string, string | null>(),
    exits: [] as (() => void)[],
  };
  const quarantine = new Quarantine({
    startApart(onExit) {
      const name = `apart-${state.exits.push(onExit)}`;
      return {
        name,
        socketPath: `/run/${name}.sock`,
        ready: Promise.resolve(),
        series: () => Promise.resolve({ terrarium_requests_total: state.requests }),
        drain(): Promise<void> {
          state.drained.push(name);
          return Promise.resolve();
        },
      };
    },
    route: (id, socketPath) => state.routes.set(id, socketPath),
    now: () => state.nowMs,
    log: () => undefined,
  });
  const offend = async (id: DeploymentId, times: number) => {
    for (let time = 0; time < times; time++) quarantine.accuse(id, "cpu-limit");
    await Promise.resolve();
    await Promise.resolve();
  };
  return { state, quarantine, offend, [Symbol.dispose]: () => quarantine.close() };
}

describe("quarantine", () => {
  it("moves a deployment at its third offence, not earlier", async () => {
    using test = world();
    await test.offend(BURNER, OFFENCES - 1);
    expect([test.quarantine.of(BURNER), test.state.routes.size]).toEqual([null, 0]);
    await test.offend(BURNER, 1);
    expect(test.quarantine.of(BURNER)).toEqual({
      sinceMs: 0,
      edge: "apart-1",
      reason: expect.stringContaining("CPU limit"),
    });
    expect(test.state.routes).toEqual(new Map([["burner", "/run/apart-1.sock"]]));
  });

  it("moves a deployment at once if a process got stuck with it", async () => {
    using test = world();
    test.quarantine.accuse(BURNER, "stuck");
    expect(test.quarantine.of(BURNER)).toMatchObject({
      edge: "apart-1",
      reason: expect.stringContaining("stuck"),
    });
  });

  it("forgets old offences", async () => {
    using test = world();
    await test.offend(BURNER, OFFENCES - 1);
    test.state.nowMs = 3_600_000;
    await test.offend(BURNER, 1);
    expect(test.quarantine.of(BURNER)).toBeNull();
  });

  it("ends without requests, and returns with the next offence", async () => {
    using test = world();
    await test.offend(BURNER, OFFENCES);
    await test.quarantine.look();
    test.state.nowMs = QUIET_MS - 1;
    await test.quarantine.look();
    expect(test.quarantine.of(BURNER)).not.toBeNull();
    test.state.requests = 1;
    test.state.nowMs = QUIET_MS;
    await test.quarantine.look();
    expect(test.quarantine.of(BURNER)).not.toBeNull();
    test.state.nowMs = 2 * QUIET_MS;
    await test.quarantine.look();
    expect([test.quarantine.of(BURNER), test.state.routes.get(BURNER), test.state.drained]).toEqual([
      null,
      null,
      ["apart-1"],
    ]);
    await test.offend(BURNER, 1);
    expect(test.quarantine.of(BURNER)).not.toBeNull();
  });

  it("lasts twice as long each time, and begins anew after a day without", async () => {
    using test = world();
    /** How long it has to be quiet from now on. */
    const stay = async () => {
      await test.offend(BURNER, OFFENCES);
      test.state.requests++;
      await test.quarantine.look();
      const sinceMs = test.state.nowMs;
      while (test.quarantine.of(BURNER) !== null) {
        test.state.nowMs += QUIET_MS / 2;
        await test.quarantine.look();
      }
      return test.state.nowMs - sinceMs;
    };
    const first = [await stay(), await stay(), await stay()];
    expect(first).toEqual([QUIET_MS, 2 * QUIET_MS, 4 * QUIET_MS]);
    for (let more = 0; more < 10; more++) await stay();
    expect(await stay()).toBe(60 * QUIET_MS);
    test.state.nowMs += FORGIVEN_AFTER_MS;
    expect(await stay()).toBe(QUIET_MS);
  });

  it("ends with its deployment", async () => {
    using test = world();
    await test.offend(BURNER, OFFENCES);
    test.quarantine.forget(BURNER);
    expect([test.quarantine.of(BURNER), test.state.drained]).toEqual([null, ["apart-1"]]);
  });

  it("lets further offenders share the existing edges", async () => {
    using test = world();
    for (let index = 0; index <= MAX_APART; index++)
      await test.offend(`burner-${index}` as DeploymentId, OFFENCES);
    expect(test.state.exits).toHaveLength(MAX_APART);
    expect(test.quarantine.of(`burner-${MAX_APART}` as DeploymentId)?.edge).toBe("apart-1");
  });
});
