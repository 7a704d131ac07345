import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CLOCK_FILE, PlatformClock } from "./platform-clock.ts";

const T0 = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

describe("the platform's clock", () => {
  let dir: string;
  let machine: { wallMs: number; monotonicMs: number; boot: string | null };
  let warnings: string[];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "terrarium-clock-"));
    machine = { wallMs: T0, monotonicMs: 5000, boot: "first" };
    warnings = [];
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function open(): PlatformClock {
    const log = { warn: (_details: object, text: string) => void warnings.push(text) };
    const clock = new PlatformClock(dir, log as ConstructorParameters<typeof PlatformClock>[1], {
      wallMs: () => machine.wallMs,
      monotonicMs: () => machine.monotonicMs,
      boot: () => machine.boot,
    });
    clock.start();
    return clock;
  }

  function pass(ms: number): void {
    machine.wallMs += ms;
    machine.monotonicMs += ms;
  }

  /** The machine restarts: its monotonic clock begins again. */
  function restart(tookMs: number): void {
    machine = { wallMs: machine.wallMs + tookMs, monotonicMs: 10, boot: `${machine.boot}+` };
  }

  it("is the machine's as long as nobody sets that", () => {
    const clock = open();
    pass(HOUR_MS);
    clock.look();
    expect([clock.now(), clock.wallOf(clock.now()), warnings]).toEqual([T0 + HOUR_MS, T0 + HOUR_MS, []]);
    clock.stop();
  });

  it.each([HOUR_MS, -HOUR_MS])(
    "does not follow a step of %i ms, and shows moments by the new clock",
    (step) => {
      const clock = open();
      machine.wallMs += step;
      pass(1000);
      clock.look();
      expect(clock.now()).toBe(T0 + 1000);
      expect(clock.wallOf(T0)).toBe(T0 + step);
      expect(warnings).toEqual([expect.stringContaining("3600.0 s")]);
      clock.look();
      expect(warnings).toHaveLength(1);
      clock.stop();
    },
  );

  it("goes on in the next supervisor, whatever became of the machine's clock meanwhile", () => {
    open().stop();
    pass(1000);
    machine.wallMs += HOUR_MS;
    const clock = open();
    expect([clock.now(), clock.wallOf(T0)]).toEqual([T0 + 1000, T0 + HOUR_MS]);
    clock.stop();
  });

  it("counts the time that a restart of the machine took", () => {
    const first = open();
    machine.wallMs += HOUR_MS;
    first.look();
    first.stop();
    restart(60_000);
    const clock = open();
    expect(clock.now()).toBe(T0 + 60_000);
    clock.stop();
  });

  it("does not go back when the machine restarts with a clock that is behind", () => {
    const first = open();
    pass(HOUR_MS);
    first.stop();
    restart(-50 * 365 * 24 * HOUR_MS);
    const clock = open();
    expect(clock.now()).toBe(T0 + HOUR_MS);
    clock.stop();
  });

  it.each(["", "{}", '{"boot":"first","baseMs":null}', "\0\0"])(
    "starts anew on a damaged file: %j",
    (text) => {
      writeFileSync(join(dir, CLOCK_FILE), text);
      const clock = open();
      expect(clock.now()).toBe(T0);
      clock.stop();
    },
  );

  it("works where it cannot be written down", () => {
    rmSync(dir, { recursive: true });
    const clock = open();
    expect([clock.now(), warnings]).toEqual([T0, [expect.stringContaining(CLOCK_FILE)]]);
    clock.stop();
  });
});
