import { describe, expect, it } from "vitest";
import { WASI_SIGNATURES } from "../../abi/index.ts";
import { hostFunctions } from "../host-functions.ts";
import { encodeEnvironment } from "./environment.ts";
import { disposeRunState } from "../run-state.ts";
import { Exit, faultOf, openProbe, OUT, OUT2, type Probe } from "../testing/probe.ts";

const BADF = 8;
const INVAL = 28;
const NOTDIR = 54;

function write(probe: Probe, fd: number, texts: readonly string[]) {
  return probe.call("fd_write", fd, probe.putSlices(texts), texts.length, OUT);
}

function u64(probe: Probe, address: number): bigint {
  return new DataView(probe.memory.buffer).getBigUint64(address, true);
}

describe("WASI preview 1", () => {
  it("has all 46 functions, in the table of types and as host functions", () => {
    expect(Object.keys(WASI_SIGNATURES)).toHaveLength(46);
    expect(Object.keys(hostFunctions["wasi_snapshot_preview1"] ?? {}).sort()).toEqual(
      Object.keys(WASI_SIGNATURES).sort(),
    );
  });

  it("has no arguments and no environment", async () => {
    const probe = await openProbe();
    new Uint8Array(probe.memory.buffer).fill(0xff, OUT, OUT + 8);
    for (const name of ["args", "environ"]) {
      expect(await probe.call(`${name}_sizes_get`, OUT, OUT2)).toBe(0);
      expect([probe.u32(OUT), probe.u32(OUT2)]).toEqual([0, 0]);
      expect(await probe.call(`${name}_get`, 0, 0)).toBe(0);
    }
  });
});

describe("the environment", () => {
  it("is the settings, one zero-ended text each", async () => {
    const environment = encodeEnvironment({ GREETING: "grüß", EMPTY: "" });
    const probe = await openProbe({ environment });
    expect(await probe.call("environ_sizes_get", OUT, OUT2)).toBe(0);
    expect([probe.u32(OUT), probe.u32(OUT2)]).toEqual([2, 23]);
    expect(await probe.call("environ_get", OUT, 2048)).toBe(0);
    expect([probe.u32(OUT), probe.u32(OUT + 4)]).toEqual([2048, 2048 + 16]);
    const bytes = new Uint8Array(probe.memory.buffer, 2048, 23);
    expect(new TextDecoder().decode(bytes)).toBe("GREETING=grüß\0EMPTY=\0");
  });

  it("stays within the memory", async () => {
    const probe = await openProbe({ environment: encodeEnvironment({ KEY: "value" }) });
    const end = probe.memory.buffer.byteLength;
    await faultOf(probe.call("environ_get", OUT, end - 4));
    await faultOf(probe.call("environ_get", end - 2, 2048));
  });
});

describe("standard output and error", () => {
  it("go to the log line by line, complete lines at once and the rest at the end", async () => {
    const probe = await openProbe();
    expect(await write(probe, 1, ["one\ntw", "o\r\nthr"])).toBe(0);
    expect(probe.u32(OUT)).toBe(12);
    expect(await write(probe, 2, ["error\n"])).toBe(0);
    expect(probe.lines).toEqual(["stdout: one", "stdout: two", "stderr: error"]);
    await write(probe, 1, ["ee"]);
    disposeRunState(probe.state);
    expect(probe.lines.at(-1)).toBe("stdout: three");
  });

  it("keep a character together that two writes split", async () => {
    const probe = await openProbe();
    const bytes = Buffer.from("é\n");
    const one = probe.put(new Uint8Array(new Uint32Array([probe.put(bytes.subarray(0, 1)), 1]).buffer));
    const rest = probe.put(new Uint8Array(new Uint32Array([probe.put(bytes.subarray(1)), 2]).buffer));
    await probe.call("fd_write", 1, one, 1, OUT);
    await probe.call("fd_write", 1, rest, 1, OUT);
    expect(probe.lines).toEqual(["stdout: é"]);
  });

  it("are cut at the limit with one note, and keep working", async () => {
    const probe = await openProbe({ limits: { logBytes: 10 } });
    for (let index = 0; index < 50; index += 1) expect(await write(probe, 1, ["12345\n"])).toBe(0);
    disposeRunState(probe.state);
    expect(probe.lines).toEqual([
      "stdout: 12345",
      "stdout: 1234",
      "platform: Log of this request cut here: the limit is 10 bytes",
    ]);
  });

  it("refuse other descriptors", async () => {
    const probe = await openProbe();
    expect(await write(probe, 0, ["x"])).toBe(BADF);
    expect(await write(probe, 3, ["x"])).toBe(BADF);
  });

  it("are character devices that cannot seek, so that a libc buffers by lines", async () => {
    const probe = await openProbe();
    expect(await probe.call("fd_fdstat_get", 1, 2048)).toBe(0);
    expect(new Uint8Array(probe.memory.buffer)[2048]).toBe(2);
    expect(u64(probe, 2056) & 0x44n).toBe(0x40n);
    expect(await probe.call("fd_seek", 1, 0n, 0, 2048)).toBe(70);
    expect(await probe.call("fd_fdstat_get", 3, 2048)).toBe(BADF);
  });

  it("take at most 1024 vectors", async () => {
    const probe = await openProbe();
    expect((await faultOf(probe.call("fd_write", 1, 0, 1025, OUT))).code).toBe("TER_GUEST_BAD_CALL");
  });

  it.each([
    [4, true],
    [5, false],
  ])("take vectors of %i bytes with 4 allowed: passes is %s", async (size, passes) => {
    const probe = await openProbe({ limits: { copyBytes: 4 } });
    const call = write(probe, 1, ["x".repeat(size - 1), "\n"]);
    if (passes) expect(await call).toBe(0);
    else expect((await faultOf(call)).code).toBe("TER_GUEST_LIMIT");
  });
});

describe("what needs a file", () => {
  it("standard input is at its end", async () => {
    const probe = await openProbe();
    expect(await probe.call("fd_read", 0, probe.put([0, 0, 0, 0, 8, 0, 0, 0]), 1, OUT)).toBe(0);
    expect(probe.u32(OUT)).toBe(0);
    expect(await probe.call("fd_read", 3, 0, 0, OUT)).toBe(BADF);
  });

  it.each<[string, (number | bigint)[], number]>([
    ["fd_prestat_get", [3, OUT], BADF],
    ["fd_prestat_dir_name", [3, OUT, 1], BADF],
    ["path_open", [3, 0, 0, 1, 0, 0n, 0n, 0, OUT], BADF],
    ["path_open", [1, 0, 0, 1, 0, 0n, 0n, 0, OUT], NOTDIR],
    ["path_filestat_get", [3, 0, 0, 1, OUT], BADF],
    ["path_symlink", [0, 1, 4, 0, 1], BADF],
    ["path_unlink_file", [3, 0, 1], BADF],
    ["fd_readdir", [3, OUT, 1, 0n, OUT2], BADF],
    ["fd_filestat_get", [9, OUT], BADF],
    ["fd_close", [9], BADF],
    ["fd_close", [1], 0],
    ["fd_renumber", [9, 1], BADF],
    ["sock_accept", [3, 0, OUT], BADF],
    ["sock_send", [1, 0, 0, 0, OUT], 57],
    ["proc_raise", [6], 52],
    ["fd_pread", [1, 0, 0, 0n, OUT], 70],
  ])("%s (case %#) answers with its errno", async (name, args, errno) => {
    expect(await (await openProbe()).call(name, ...args)).toBe(errno);
  });
});

describe("clocks", () => {
  it("give real time, a second more than the run has taken, and an errno for others", async () => {
    let nowMs = 1_700_000_000_123.5;
    const probe = await openProbe({ now: () => nowMs });
    expect(await probe.call("clock_time_get", 0, 0n, OUT)).toBe(0);
    expect(u64(probe, OUT)).toBe(1_700_000_000_123_500_000n);
    nowMs += 20;
    await probe.call("sched_yield");
    for (const clock of [1, 2, 3]) {
      expect(await probe.call("clock_time_get", clock, 0n, OUT)).toBe(0);
      expect(u64(probe, OUT)).toBe(1_020_000_000n);
    }
    expect(await probe.call("clock_time_get", 4, 0n, OUT)).toBe(INVAL);
    expect(await probe.call("clock_res_get", 0, OUT)).toBe(0);
    expect(await probe.call("clock_res_get", -1, OUT)).toBe(INVAL);
  });
});

describe("random_get", () => {
  it.each([
    [0, true],
    [65_536, true],
    [65_537, false],
  ])("of %i bytes: passes is %s", async (size, passes) => {
    const probe = await openProbe();
    const call = probe.call("random_get", 4096, size);
    if (passes) expect(await call).toBe(0);
    else
      expect((await faultOf(call)).details).toMatchObject({
        limit: "random bytes of one call",
        used: 65_537,
        allowed: 65_536,
      });
  });

  it("fills exactly the bytes asked for", async () => {
    const probe = await openProbe();
    await probe.call("random_get", 8192, 64);
    const bytes = new Uint8Array(probe.memory.buffer);
    expect(new Set(bytes.subarray(8192, 8256)).size).toBeGreaterThan(16);
    expect([bytes[8191], bytes[8256]]).toEqual([0, 0]);
  });
});

describe("proc_exit", () => {
  it.each([0, 3])("with code %i ends the run, its last output logged", async (code) => {
    const probe = await openProbe();
    await write(probe, 1, ["no line end"]);
    const ended: unknown = await probe.call("proc_exit", code).catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(Exit);
    expect((ended as Exit).code).toBe(code);
    expect(probe.lines).toEqual(["stdout: no line end"]);
  });
});

describe("poll_oneoff", () => {
  const CLOCK = 0;

  /** One subscription to a clock, 48 bytes. */
  function subscription(
    userdata: bigint,
    type: number,
    first: number,
    timeoutNs = 0n,
    flags = 0,
  ): Uint8Array {
    const view = new DataView(new ArrayBuffer(48));
    view.setBigUint64(0, userdata, true);
    view.setUint8(8, type);
    view.setUint32(16, first, true);
    view.setBigUint64(24, timeoutNs, true);
    view.setUint16(40, flags, true);
    return new Uint8Array(view.buffer);
  }

  async function poll(subscriptions: readonly Uint8Array[]) {
    const delays: number[] = [];
    let nowMs = 1000;
    const delay = (ms: number) => {
      delays.push(ms);
      nowMs += ms;
      return Promise.resolve();
    };
    const probe = await openProbe({ delay, now: () => nowMs });
    const errno = await probe.call(
      "poll_oneoff",
      probe.put(Buffer.concat(subscriptions)),
      2048,
      subscriptions.length,
      OUT,
    );
    const view = new DataView(probe.memory.buffer);
    const events = Array.from({ length: errno === 0 ? probe.u32(OUT) : 0 }, (_, index) => ({
      userdata: view.getBigUint64(2048 + index * 32, true),
      errno: view.getUint16(2056 + index * 32, true),
      type: view.getUint8(2058 + index * 32),
    }));
    return { errno, delays, events };
  }

  it("sleeps for the shortest time and reports which clock it was", async () => {
    const { delays, events } = await poll([
      subscription(7n, CLOCK, 1, 50_000_000n),
      subscription(8n, CLOCK, 1, 20_000_000n),
    ]);
    expect(delays).toEqual([20]);
    expect(events).toEqual([{ userdata: 8n, errno: 0, type: 0 }]);
  });

  it("sleeps until an absolute time, and not at all if it has passed", async () => {
    expect((await poll([subscription(7n, CLOCK, 0, 1_030_000_000n, 1)])).delays).toEqual([30]);
    expect((await poll([subscription(7n, CLOCK, 0, 5n, 1)])).delays).toEqual([]);
  });

  it("finds streams ready at once", async () => {
    const { delays, events } = await poll([
      subscription(1n, CLOCK, 1, 50_000_000n),
      subscription(2n, 2, 1),
      subscription(3n, 1, 9),
    ]);
    expect(delays).toEqual([]);
    expect(events).toEqual([
      { userdata: 2n, errno: 0, type: 2 },
      { userdata: 3n, errno: BADF, type: 1 },
    ]);
  });

  it("refuses no subscription at all, and too many", async () => {
    const probe = await openProbe();
    expect(await probe.call("poll_oneoff", 0, 0, 0, OUT)).toBe(INVAL);
    expect(await probe.call("poll_oneoff", 0, 0, 1025, OUT)).toBe(INVAL);
  });

  it("ends with the run, however long the sleep", async () => {
    const probe = await openProbe();
    const sleeping = probe.call(
      "poll_oneoff",
      probe.put(subscription(7n, CLOCK, 1, 2n ** 62n)),
      2048,
      1,
      OUT,
    );
    probe.abort.abort();
    await expect(sleeping).rejects.toThrow("the run ended");
  });
});
