import { PassThrough, type Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { RequestHead, ResponseHead } from "../../edge/transport/heads.ts";
import { answerPassed, type Fetch } from "./passed-request.ts";

const HEAD: RequestHead = {
  method: "POST",
  target: "/deploy?x",
  authority: "terrarium.test:8080",
  headers: [],
  bodyBytes: 5,
  client: { clientAddress: "192.0.2.1", isLocal: false, scheme: "https", depth: 0, callsLeft: null },
};

interface Sent {
  head: ResponseHead | null;
  body: PassThrough;
  destroyed: boolean;
}

/** Passes a request with a body to a `fetch`; `gone` plays the other end going away. */
function pass(fetch: Fetch, changed: Partial<RequestHead> = {}) {
  const sent: Sent = { head: null, body: new PassThrough(), destroyed: false };
  const body = new PassThrough();
  const listeners: (() => void)[] = [];
  const done = answerPassed(fetch, {
    head: { ...HEAD, ...changed },
    body,
    send(head, bytes) {
      sent.head = head;
      sent.body.end(bytes);
    },
    open(head): Writable {
      sent.head = head;
      return sent.body;
    },
    onGone: (listener) => void listeners.push(listener),
    destroy: () => (sent.destroyed = true),
  });
  return { sent, body, done, gone: () => listeners.forEach((listener) => listener()) };
}

describe("a request that an edge passed on", () => {
  it("has no length that only its client claims", async () => {
    const { sent, body, done } = pass(
      async (request) => Response.json([request.headers.get("content-length"), await request.text()]),
      { headers: ["Content-Length", "99"], bodyBytes: null },
    );
    body.end("hello");
    await done;
    expect(JSON.parse(String(sent.body.read()))).toEqual([null, "hello"]);
  });

  it("is a Request with the edge's framing, and its client beside it", async () => {
    const headers = [
      "Content-Length",
      "99",
      "Transfer-Encoding",
      "chunked",
      "Connection",
      "content-length, x-drop",
    ];
    const plain = ["x-drop", "1", "X-Terrarium-Client", "6.6.6.6", "x-keep", "1", "Host", "elsewhere"];
    const { sent, body, done } = pass(
      async (request, { client }) => {
        const text = await request.text();
        return Response.json([request.method, request.url, text, [...request.headers], client]);
      },
      { headers: [...headers, ...plain] },
    );
    body.end("hello");
    await done;
    const [method, url, text, seen, client] = JSON.parse(String(sent.body.read())) as unknown[];
    expect([method, url, text, client]).toEqual([
      "POST",
      "https://terrarium.test:8080/deploy?x",
      "hello",
      HEAD.client,
    ]);
    expect(seen).toEqual([
      ["content-length", "5"],
      ["host", "terrarium.test:8080"],
      ["x-keep", "1"],
    ]);
  });

  it("has no body because its headers say so", async () => {
    const { sent, done } = pass(
      (request) => Response.json([request.body, request.headers.get("content-length")]),
      { headers: ["content-length", "99"], bodyBytes: 0 },
    );
    await done;
    expect(JSON.parse(String(sent.body.read()))).toEqual([null, null]);
  });

  it("gets a response whose framing is the message's", async () => {
    const headers = { "content-length": "99", connection: "x", "set-cookie": "a=1" };
    const { sent, done } = pass(() => new Response("hello", { headers }), { method: "GET", bodyBytes: 0 });
    await done;
    expect(sent.head).toMatchObject({ status: 200, bodyBytes: 5, contentLength: 5 });
    expect(sent.head?.headers).toEqual(["content-type", "text/plain;charset=UTF-8", "set-cookie", "a=1"]);
  });

  it("sees a stream's head before its first event, and ends the stream when the client is gone", async () => {
    const cancelled = Promise.withResolvers<void>();
    const stream = new ReadableStream({ cancel: () => cancelled.resolve() });
    const { sent, done, gone } = pass(() => new Response(stream), { method: "GET", bodyBytes: 0 });
    await expect.poll(() => sent.head).toMatchObject({ bodyBytes: null, contentLength: null });
    gone();
    await cancelled.promise;
    await done;
  });

  it("is cut off where the response breaks", async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from("half")),
      pull: (controller) => controller.error(new Error("broken")),
    });
    const { sent, done } = pass(() => new Response(broken), { method: "GET", bodyBytes: 0 });
    await done;
    expect(sent.destroyed || sent.body.destroyed).toBe(true);
  });

  it.each([
    [{ method: "TRACE" }, 400],
    [{ authority: "terrarium.test:99999" }, 400],
  ])("that no Request can be is refused: %j", async (changed, status) => {
    const { sent, done } = pass(() => new Response("reached"), { bodyBytes: 0, ...changed });
    await done;
    expect(sent.head?.status).toBe(status);
  });
});
