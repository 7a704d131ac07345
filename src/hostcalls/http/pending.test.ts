import { describe, expect, it } from "vitest";
import { disposeRunState } from "../run-state.ts";
import { faultOf, openProbe, OUT, type Probe } from "../testing/probe.ts";
import type { Outbound, OutboundGrant, OutboundResponse } from "../types.ts";

interface Held {
  readonly path: string;
  readonly grant: OutboundGrant;
  readonly answer: (body?: string) => void;
  readonly fail: () => void;
}

/** An upstream that answers when the test says so. */
function held(): Outbound & { readonly sent: Held[] } {
  const sent: Held[] = [];
  const send = (request: { readonly url: URL }, grant: OutboundGrant) =>
    new Promise<OutboundResponse>((resolve, reject) => {
      sent.push({
        path: request.url.pathname,
        grant,
        answer: (body = "") => resolve({ status: 200, headers: [], body: Buffer.from(body) }),
        fail: () => reject(new Error("failed")),
      });
    });
  return { sent, send };
}

async function sendAsync(probe: Probe, path = "/"): Promise<number> {
  const url = `http://up.test${path}`;
  const request = await probe.call("hostcall_req_create", probe.put("GET"), 3, probe.put(url), url.length);
  return Number(await probe.call("hostcall_req_send_async", Number(request)));
}

const select = (probe: Probe, handles: readonly number[]) =>
  probe.call(
    "hostcall_pending_req_select",
    probe.put(new Uint8Array(new Int32Array(handles).buffer)),
    handles.length,
    OUT,
  );

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("wait", () => {
  it("gives the response and consumes the handle", async () => {
    const outbound = held();
    const probe = await openProbe({ outbound });
    const pending = await sendAsync(probe);
    const waiting = probe.call("hostcall_pending_req_wait", pending);
    outbound.sent[0]?.answer();
    expect(await waiting).toBeGreaterThan(0);
    expect(await probe.call("hostcall_pending_req_wait", pending)).toBe(-1);
  });

  it("is -1 for a failed request, which is consumed, and for an unknown handle", async () => {
    const outbound = held();
    const probe = await openProbe({ outbound });
    const pending = await sendAsync(probe);
    outbound.sent[0]?.fail();
    expect(await probe.call("hostcall_pending_req_wait", pending)).toBe(-1);
    expect(await probe.call("hostcall_pending_req_poll", pending)).toBe(-1);
    expect(await probe.call("hostcall_pending_req_wait", -1)).toBe(-1);
    expect(await probe.call("hostcall_pending_req_wait", 0)).toBe(-1);
  });

  it("ends when the run does", async () => {
    const outbound = held();
    const probe = await openProbe({ outbound });
    const waiting = probe.call("hostcall_pending_req_wait", await sendAsync(probe));
    probe.abort.abort();
    await expect(waiting).rejects.toThrow("the run ended");
    expect(outbound.sent[0]?.grant.signal.aborted).toBe(true);
  });
});

describe("poll", () => {
  it("is -2 while there is no response, and the handle stays valid", async () => {
    const outbound = held();
    const probe = await openProbe({ outbound });
    const pending = await sendAsync(probe);
    expect(await probe.call("hostcall_pending_req_poll", pending)).toBe(-2);
    expect(await probe.call("hostcall_pending_req_poll", pending)).toBe(-2);
    outbound.sent[0]?.answer();
    expect(await probe.call("hostcall_pending_req_poll", pending)).toBeGreaterThan(0);
    expect(await probe.call("hostcall_pending_req_poll", pending)).toBe(-1);
  });

  it("lets the event loop turn when it is not ready", async () => {
    const probe = await openProbe({ outbound: held() });
    const pending = await sendAsync(probe);
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    expect(await probe.call("hostcall_pending_req_poll", pending)).toBe(-2);
    expect(turned).toBe(true);
  });
});

describe("select", () => {
  it("names the one that finished, consumes it and leaves the others valid", async () => {
    const outbound = held();
    const probe = await openProbe({ outbound });
    const [one, two, three] = [
      await sendAsync(probe, "/1"),
      await sendAsync(probe, "/2"),
      await sendAsync(probe, "/3"),
    ];
    const selecting = select(probe, [one, two, three]);
    outbound.sent[1]?.answer("second");
    expect(await selecting).toBeGreaterThan(0);
    expect(probe.u32(OUT)).toBe(two);
    expect(await select(probe, [two])).toBe(-1);
    outbound.sent[0]?.answer();
    outbound.sent[2]?.answer();
    expect(await probe.call("hostcall_pending_req_wait", one)).toBeGreaterThan(0);
    expect(await select(probe, [three])).toBeGreaterThan(0);
    expect(probe.u32(OUT)).toBe(three);
  });

  it("names a request that failed, and consumes it", async () => {
    const outbound = held();
    const probe = await openProbe({ outbound });
    const [one, two] = [await sendAsync(probe), await sendAsync(probe)];
    const selecting = select(probe, [one, two]);
    outbound.sent[1]?.fail();
    expect(await selecting).toBe(-1);
    expect(probe.u32(OUT)).toBe(two);
    expect(await probe.call("hostcall_pending_req_poll", one)).toBe(-2);
    expect(await probe.call("hostcall_pending_req_poll", two)).toBe(-1);
  });

  it("is -1 and names the stale handle if there is one; the others stay valid", async () => {
    const probe = await openProbe({ outbound: held() });
    const one = await sendAsync(probe);
    expect(await select(probe, [one, 99])).toBe(-1);
    expect(probe.u32(OUT)).toBe(99);
    expect(await probe.call("hostcall_pending_req_poll", one)).toBe(-2);
  });

  it("of nothing is -1 with -1 as the handle", async () => {
    const probe = await openProbe();
    expect(await select(probe, [])).toBe(-1);
    expect(probe.u32(OUT)).toBe(0xffff_ffff);
  });

  it("of a million handles is a fault", async () => {
    const probe = await openProbe();
    expect((await faultOf(probe.call("hostcall_pending_req_select", 0, 1_000_000, OUT))).code).toBe(
      "TER_GUEST_BAD_CALL",
    );
  });
});

describe("limits of subrequests", () => {
  it.each([
    [2, true],
    [3, true],
    [4, false],
  ])("%i in all with 3 allowed: passes is %s", async (count, passes) => {
    const probe = await openProbe({ outbound: held(), limits: { subrequests: 3 } });
    const all = (async () => {
      for (let index = 0; index < count; index += 1) await sendAsync(probe);
    })();
    if (passes) await all;
    else expect((await faultOf(all)).details).toMatchObject({ limit: "subrequests", used: 4, allowed: 3 });
  });

  it("count redirects: the one too many is a fault when its answer is awaited", async () => {
    const outbound = held();
    const probe = await openProbe({
      limits: { subrequests: 2 },
      outbound: {
        send: (_request, grant) => {
          grant.spend();
          grant.spend();
          return new Promise(() => {});
        },
      },
    });
    const pending = await sendAsync(probe);
    const error = await faultOf(probe.call("hostcall_pending_req_wait", pending));
    expect(error.details).toMatchObject({ limit: "subrequests", used: 3, allowed: 2 });
    expect(outbound.sent).toHaveLength(0);
  });

  it("run a limited number at once, and the others in turn", async () => {
    const outbound = held();
    const probe = await openProbe({ outbound, limits: { concurrentSubrequests: 2 } });
    const handles = [
      await sendAsync(probe, "/1"),
      await sendAsync(probe, "/2"),
      await sendAsync(probe, "/3"),
      await sendAsync(probe, "/4"),
    ];
    await turn();
    expect(outbound.sent.map(({ path }) => path)).toEqual(["/1", "/2"]);
    outbound.sent[1]?.fail();
    expect(await probe.call("hostcall_pending_req_wait", handles[1]!)).toBe(-1);
    await turn();
    expect(outbound.sent.map(({ path }) => path)).toEqual(["/1", "/2", "/3"]);
    expect(probe.state.http.subrequests.underWay).toBe(2);
  });
});

describe("the end of a run", () => {
  it("leaves no handle, nothing in flight and nothing queued", async () => {
    const outbound = held();
    const probe = await openProbe({ outbound, limits: { concurrentSubrequests: 2 } });
    for (let index = 0; index < 4; index += 1) await sendAsync(probe);
    await probe.call("hostcall_req_create", probe.put("GET"), 3, probe.put("http://a/"), 9);
    expect(probe.state.http.handles.live).toBe(5);
    disposeRunState(probe.state);
    expect(probe.state.http.handles.live).toBe(0);
    for (const { fail } of outbound.sent) fail();
    await turn();
    expect(probe.state.http.subrequests.underWay).toBe(0);
    expect(outbound.sent).toHaveLength(2);
  });
});
