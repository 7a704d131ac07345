import { describe, expect, it } from "vitest";
import { outgoingResponse } from "../run-state.ts";
import { faultOf, openProbe, OUT, OUT2, type Probe } from "../testing/probe.ts";
import type { Outbound, OutboundRequest } from "../types.ts";

/** Answers at once and remembers what was sent. */
function echo(): Outbound & { readonly sent: OutboundRequest[] } {
  const sent: OutboundRequest[] = [];
  return {
    sent,
    send: (request) => {
      sent.push(request);
      return Promise.resolve({
        status: 404,
        headers: [
          ["X-One", "a"],
          ["x-one", "b"],
          ["Empty", ""],
        ],
        body: Buffer.from("answer"),
      });
    },
  };
}

async function create(probe: Probe, method = "GET", url = "http://up.test/") {
  return Number(
    await probe.call(
      "hostcall_req_create",
      probe.put(method),
      method.length,
      probe.put(url),
      Buffer.byteLength(url),
    ),
  );
}

async function setHeader(
  probe: Probe,
  kind: "req" | "resp",
  handle: number,
  name: string,
  values: readonly string[],
) {
  return probe.call(
    `hostcall_${kind}_set_header`,
    handle,
    probe.put(name),
    Buffer.byteLength(name),
    probe.putSlices(values),
    values.length,
  );
}

describe("the incoming request", () => {
  it("has its method and its raw path with query", async () => {
    const probe = await openProbe({ request: { method: "POST", path: "/a%20b?q=\xe9" } });
    await probe.call("hostcall_req_get_method", OUT, OUT2, 0);
    expect(probe.given(OUT, OUT2).text).toBe("POST");
    await probe.call("hostcall_req_get_path", OUT, OUT2, 0);
    expect(probe.given(OUT, OUT2).text).toBe("/a%20b?q=\xe9");
  });

  it("lists each header name once and in lower case", async () => {
    const probe = await openProbe();
    await probe.call("hostcall_req_get_headers", OUT, OUT2, 0);
    expect(probe.givenList(OUT, OUT2).map(({ text }) => text)).toEqual([
      "host",
      "x-tag",
      "accept",
      "x-empty",
    ]);
  });

  it.each(["x-tag", "X-Tag", "X-TAG"])("gives all values of %s in order", async (name) => {
    const probe = await openProbe();
    await probe.call("hostcall_req_get_header", OUT, OUT2, 0, probe.put(name), name.length);
    expect(probe.givenList(OUT, OUT2).map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("has no header __proto__ or constructor, unless one was sent", async () => {
    const probe = await openProbe({ request: { headers: [["__proto__", "sent"]] } });
    await probe.call("hostcall_req_get_header", OUT, OUT2, 0, probe.put("__proto__"), 9);
    expect(probe.givenList(OUT, OUT2).map(({ text }) => text)).toEqual(["sent"]);
    await probe.call("hostcall_req_get_header", OUT, OUT2, 0, probe.put("constructor"), 11);
    expect(probe.given(OUT, OUT2)).toMatchObject({ pointer: 0, length: 0 });
  });

  it("cannot be written or sent", async () => {
    const probe = await openProbe();
    expect(await setHeader(probe, "req", 0, "x-a", ["1"])).toBe(1);
    expect(await probe.call("hostcall_req_set_body", 0, 0, 0)).toBe(1);
    expect(await probe.call("hostcall_req_send", 0)).toBe(-1);
    expect(await probe.call("hostcall_req_send_async", 0)).toBe(-1);
  });
});

describe("a created request", () => {
  it.each([
    ["GET", "http://up.test/"],
    ["get", "https://up.test:8443/a?b#c"],
    ["M-SEARCH", "HTTP://UP.test"],
    ["GET", "http://user:pw@up.test/"],
    ["GET", "http://bücher.test/"],
  ])("%s %s has a handle", async (method, url) => {
    expect(await create(await openProbe(), method, url)).toBeGreaterThan(0);
  });

  it.each([
    ["", "http://up.test/"],
    ["G T", "http://up.test/"],
    ["GET\r\n", "http://up.test/"],
    ["GET", ""],
    ["GET", "/relative"],
    ["GET", "up.test"],
    ["GET", "ftp://up.test/"],
    ["GET", "file:///etc/passwd"],
    ["GET", "http://"],
    ["GET", "http://a b/"],
    ["GET", "http://up.test/\r\nx: y"],
    ["GET", " http://up.test/"],
    ["GET", "http://up.test:99999/"],
    ["GET", "http://[::1/"],
    ["GET", "http://up.test/\0"],
    ["GET", "data:,x"],
  ])("%j %j is malformed: -1", async (method, url) => {
    expect(await create(await openProbe(), method, url)).toBe(-1);
  });

  it("is sent as it was written", async () => {
    const outbound = echo();
    const probe = await openProbe({ outbound });
    const request = await create(probe, "POST", "http://up.test/p?q#fragment");
    expect(await setHeader(probe, "req", request, "X-A", ["1"])).toBe(0);
    expect(await setHeader(probe, "req", request, "x-a", ["2", " 3 "])).toBe(0);
    expect(await probe.call("hostcall_req_set_body", request, probe.put("body"), 4)).toBe(0);
    expect(await probe.call("hostcall_req_send", request)).toBeGreaterThan(0);
    const [sent] = outbound.sent;
    expect(sent).toMatchObject({
      method: "POST",
      headers: [
        ["x-a", "2"],
        ["x-a", "3"],
      ],
    });
    expect(sent?.url.href).toBe("http://up.test/p?q");
    expect(Buffer.from(sent?.body ?? []).toString()).toBe("body");
  });

  it("is consumed by sending", async () => {
    const probe = await openProbe({ outbound: echo() });
    const request = await create(probe);
    await probe.call("hostcall_req_send", request);
    expect(await probe.call("hostcall_req_send", request)).toBe(-1);
    expect(await setHeader(probe, "req", request, "a", ["1"])).toBe(1);
    expect(await probe.call("hostcall_req_set_body", request, 0, 0)).toBe(1);
  });

  it("cannot be read", async () => {
    const probe = await openProbe();
    const request = await create(probe);
    for (const name of ["method", "path", "headers", "body"]) {
      const error = await faultOf(probe.call(`hostcall_req_get_${name}`, OUT, OUT2, request));
      expect(error.message).toContain("can only be written");
    }
    expect((await faultOf(probe.call("hostcall_req_get_header", OUT, OUT2, request, 0, 0))).code).toBe(
      "TER_GUEST_BAD_CALL",
    );
    expect((await faultOf(probe.call("hostcall_req_get_body", OUT, OUT2, 77))).message).toContain(
      "there is no request 77",
    );
  });

  it.each([
    ["", ["1"]],
    ["a b", ["1"]],
    ["a:", ["1"]],
    [":path", ["/"]],
    ["a\r\nb", ["1"]],
    ["x", ["1\r\nevil: 1"]],
    ["x", ["ok", "nul\0"]],
    ["x", ["\x7f"]],
    ["host", ["a.test", "b.test"]],
    ["host", ["a.test/evil"]],
    ["host", ["user@a.test"]],
    ["host", [""]],
  ])("refuses the header %j %j with 1", async (name, values) => {
    const outbound = echo();
    const probe = await openProbe({ outbound });
    const request = await create(probe);
    expect(await setHeader(probe, "req", request, name, values)).toBe(1);
    await probe.call("hostcall_req_send", request);
    expect(outbound.sent[0]?.headers).toEqual([]);
  });

  it("accepts framing and hop-by-hop headers, which have no effect", async () => {
    const outbound = echo();
    const probe = await openProbe({ outbound });
    const request = await create(probe);
    for (const name of [
      "Content-Length",
      "transfer-encoding",
      "connection",
      "keep-alive",
      "te",
      "trailer",
      "upgrade",
      "proxy-connection",
      "expect",
    ]) {
      expect(await setHeader(probe, "req", request, name, ["1"])).toBe(0);
      expect(await setHeader(probe, "resp", 0, name, ["1"])).toBe(0);
    }
    await probe.call("hostcall_req_send", request);
    expect(outbound.sent[0]?.headers).toEqual([]);
    expect(outgoingResponse(probe.state).headers).toEqual([]);
  });
});

describe("a received response", () => {
  it("can be read", async () => {
    const probe = await openProbe({ outbound: echo() });
    const response = Number(await probe.call("hostcall_req_send", await create(probe)));
    expect(await probe.call("hostcall_resp_get_response_code", response)).toBe(404);
    await probe.call("hostcall_resp_get_headers", OUT, OUT2, response);
    expect(probe.givenList(OUT, OUT2).map(({ text }) => text)).toEqual(["x-one", "empty"]);
    await probe.call("hostcall_resp_get_header", OUT, OUT2, response, probe.put("X-ONE"), 5);
    expect(probe.givenList(OUT, OUT2).map(({ text }) => text)).toEqual(["a", "b"]);
    await probe.call("hostcall_resp_get_body", OUT, OUT2, response);
    expect(probe.given(OUT, OUT2).text).toBe("answer");
  });

  it("cannot be written", async () => {
    const probe = await openProbe({ outbound: echo() });
    const response = Number(await probe.call("hostcall_req_send", await create(probe)));
    expect(await setHeader(probe, "resp", response, "a", ["1"])).toBe(1);
    expect(await probe.call("hostcall_resp_set_body", response, 0, 0)).toBe(1);
    expect(await probe.call("hostcall_resp_set_response_code", response, 200)).toBe(1);
  });

  it("is -1 with a reason in the log if the request fails", async () => {
    const probe = await openProbe({
      outbound: { send: () => Promise.reject(new Error("the connection was refused")) },
    });
    expect(
      await probe.call(
        "hostcall_req_send",
        await create(probe, "GET", "http://user:secret@up.test/p?token=secret"),
      ),
    ).toBe(-1);
    expect(probe.lines).toEqual(["platform: GET http://up.test/p failed: the connection was refused"]);
  });
});

describe("the outgoing response", () => {
  it("is 200 without headers and body if nothing set it", async () => {
    const probe = await openProbe();
    expect(outgoingResponse(probe.state)).toEqual({ status: 200, headers: [], body: new Uint8Array(0) });
  });

  it("is what the guest built", async () => {
    const probe = await openProbe();
    expect(await setHeader(probe, "resp", 0, "X-A", ["0"])).toBe(0);
    expect(await setHeader(probe, "resp", 0, "set-cookie", ["a=1", "b=2"])).toBe(0);
    expect(await setHeader(probe, "resp", 0, "x-a", ["1", ""])).toBe(0);
    expect(await probe.call("hostcall_resp_set_body", 0, probe.put("body"), 4)).toBe(0);
    expect(await probe.call("hostcall_resp_set_response_code", 0, 418)).toBe(0);
    const response = outgoingResponse(probe.state);
    expect(response).toMatchObject({
      status: 418,
      headers: [
        ["x-a", "1"],
        ["x-a", ""],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
    });
    expect(Buffer.from(response.body).toString()).toBe("body");
  });

  it("loses a header that is set to no values", async () => {
    const probe = await openProbe();
    await setHeader(probe, "resp", 0, "x-a", ["1"]);
    expect(await setHeader(probe, "resp", 0, "X-A", [])).toBe(0);
    expect(outgoingResponse(probe.state).headers).toEqual([]);
  });

  it.each([
    [199, 1],
    [200, 0],
    [599, 0],
    [600, 1],
    [0, 1],
    [-1, 1],
    [100, 1],
    [101, 1],
  ])("status %i answers %i", async (code, answer) => {
    const probe = await openProbe();
    expect(await probe.call("hostcall_resp_set_response_code", 0, code)).toBe(answer);
  });

  it("cannot be read", async () => {
    const probe = await openProbe();
    expect((await faultOf(probe.call("hostcall_resp_get_response_code", 0))).message).toContain(
      "can only be written",
    );
    expect((await faultOf(probe.call("hostcall_resp_get_headers", OUT, OUT2, 0))).code).toBe(
      "TER_GUEST_BAD_CALL",
    );
    expect((await faultOf(probe.call("hostcall_resp_get_body", OUT, OUT2, 5))).message).toContain(
      "there is no response 5",
    );
  });

  it("keeps bytes beyond ASCII as they are", async () => {
    const probe = await openProbe();
    const value = probe.put(Uint8Array.of(0xe9, 0xff));
    const slices = probe.put(new Uint8Array(new Uint32Array([value, 2]).buffer));
    expect(await probe.call("hostcall_resp_set_header", 0, probe.put("x"), 1, slices, 1)).toBe(0);
    expect(outgoingResponse(probe.state).headers).toEqual([["x", "\xe9\xff"]]);
  });
});

describe("limits of messages", () => {
  it.each([
    [9, true],
    [10, true],
    [11, false],
  ])("a response body of %i bytes with 10 allowed: passes is %s", async (size, passes) => {
    const probe = await openProbe({ limits: { responseBodyBytes: 10 } });
    const call = probe.call("hostcall_resp_set_body", 0, 4096, size);
    if (passes) expect(await call).toBe(0);
    else
      expect((await faultOf(call)).details).toMatchObject({
        limit: "bytes of the response body",
        used: 11,
        allowed: 10,
      });
  });

  it.each([
    [93, true],
    [94, true],
    [95, false],
  ])("a header value of %i bytes with 100 for all headers: passes is %s", async (size, passes) => {
    const probe = await openProbe({ limits: { headerBytes: 100 } });
    const call = setHeader(probe, "resp", 0, "xy", ["v".repeat(size)]);
    if (passes) expect(await call).toBe(0);
    else
      expect((await faultOf(call)).details).toMatchObject({ limit: "header bytes", used: 101, allowed: 100 });
  });

  it("counts all headers of a message together, without replaced ones", async () => {
    const probe = await openProbe({ limits: { headerBytes: 100 } });
    for (let round = 0; round < 5; round += 1)
      expect(await setHeader(probe, "resp", 0, "a", ["v".repeat(80)])).toBe(0);
    expect((await faultOf(setHeader(probe, "resp", 0, "b", ["v".repeat(80)]))).code).toBe("TER_GUEST_LIMIT");
  });

  it("refuses a list of a billion values before it reads one", async () => {
    const probe = await openProbe();
    const error = await faultOf(
      probe.call("hostcall_resp_set_header", 0, probe.put("x"), 1, 0, 1_000_000_000),
    );
    expect(error.code).toBe("TER_GUEST_LIMIT");
  });

  it.each([
    [2, true],
    [3, true],
    [4, false],
  ])("%i live handles with 3 allowed: passes is %s", async (count, passes) => {
    const probe = await openProbe({ limits: { handles: 3 } });
    const all = (async () => {
      for (let index = 0; index < count; index += 1) await create(probe);
    })();
    if (passes) await all;
    else expect((await faultOf(all)).details).toMatchObject({ limit: "live handles", used: 4, allowed: 3 });
  });

  it("counts the bodies that handles hold together", async () => {
    const probe = await openProbe({ limits: { heldBytes: 10 }, outbound: echo() });
    const one = await create(probe);
    expect(await probe.call("hostcall_req_set_body", one, 4096, 10)).toBe(0);
    expect(await probe.call("hostcall_req_set_body", one, 4096, 4)).toBe(0);
    const other = await create(probe);
    expect((await faultOf(probe.call("hostcall_req_set_body", other, 4096, 7))).details["limit"]).toContain(
      "bytes held",
    );
  });

  it("counts received bodies as held", async () => {
    const probe = await openProbe({ limits: { heldBytes: 10 }, outbound: echo() });
    expect(await probe.call("hostcall_req_send", await create(probe))).toBeGreaterThan(0);
    expect((await faultOf((async () => probe.call("hostcall_req_send", await create(probe)))())).code).toBe(
      "TER_GUEST_LIMIT",
    );
  });
});
