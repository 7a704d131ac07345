// Static files come before the program: conditional requests, ranges, and paths that try to be something
// else.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, DOMAIN, respond, sendRaw, startTestEdge, type TestEdge } from "./edge-fixture.ts";

let test: TestEdge;
const STYLE = "body { color: teal }";

beforeAll(async () => {
  test = await startTestEdge();
  await test.deploy("site", ({ method, path }) => respond(200, `program ${method} ${path}`), {
    assets: {
      "/index.html": "<h1>hello</h1>",
      "/style.css": STYLE,
      "/empty.txt": "",
      "/a b/ü.json": "{}",
      "/module.wasm": new Uint8Array([0, 97, 115, 109]),
      "/picture.svg": "<svg/>",
      "/noextension": "plain",
      "/__proto__": "not a prototype",
    },
  });
});
afterAll(() => test[Symbol.asyncDispose]());

describe("assets", () => {
  it.each([
    ["/", "text/html; charset=utf-8", "<h1>hello</h1>"],
    ["/index.html", "text/html; charset=utf-8", "<h1>hello</h1>"],
    ["/style.css", "text/css; charset=utf-8", STYLE],
    ["/style.css?v=1", "text/css; charset=utf-8", STYLE],
    ["/%73tyle.css", "text/css; charset=utf-8", STYLE],
    ["/a%20b/%C3%BC.json", "application/json; charset=utf-8", "{}"],
    ["/module.wasm", "application/wasm", "\0asm"],
    ["/picture.svg", "image/svg+xml; charset=utf-8", "<svg/>"],
    ["/noextension", "application/octet-stream", "plain"],
    ["/empty.txt", "text/plain; charset=utf-8", ""],
    ["/__proto__", "application/octet-stream", "not a prototype"],
  ])("serves %s as %s", async (path, type, text) => {
    const answer = await ask(test, "site", path);
    expect([
      answer.status,
      answer.headers["content-type"],
      answer.headers["x-content-type-options"],
      answer.text,
    ]).toEqual([200, type, "nosniff", text]);
    expect(answer.headers["content-length"]).toBe(String(answer.body.length));
  });

  it("answers HEAD with the same headers and no body", async () => {
    const [get, head] = [
      await ask(test, "site", "/style.css"),
      await ask(test, "site", "/style.css", { method: "HEAD" }),
    ];
    const comparable = ({ headers }: typeof get) => ({ ...headers, date: "" });
    expect([head.status, head.text, comparable(head)]).toEqual([200, "", comparable(get)]);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("leaves %s to the program", async (method) => {
    expect((await ask(test, "site", "/style.css", { method })).text).toBe(`program ${method} /style.css`);
  });

  it.each([
    "/../style.css",
    "/./style.css",
    "//style.css",
    "/%2e%2e/style.css",
    "/x/..%2fstyle.css",
    "/%252e%252e/style.css",
    "/..%5cstyle.css",
    "/..\\style.css",
    "/style.css%00",
    "/%00/style.css",
    "/style.css/",
    "/%c0%af..%c0%afstyle.css",
    "/%zz",
    "/%",
    "/STYLE.CSS",
    "/constructor",
    `/${"a/".repeat(2000)}style.css`,
  ])("leaves %s to the program, path raw", async (path) => {
    const received = await sendRaw(
      test.edge.httpPort,
      `GET ${path} HTTP/1.1\r\nHost: site.${DOMAIN}\r\nConnection: close\r\n\r\n`,
    );
    expect(received).toContain(`program GET ${path}`);
  });

  it("answers 304 to who has it, by any of the spellings", async () => {
    const etag = (await ask(test, "site", "/style.css")).headers.etag!;
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const answer = await ask(test, "site", "/style.css", { headers: { "if-none-match": header } });
      expect([answer.status, answer.text, answer.headers.etag, answer.headers["content-length"]]).toEqual([
        304,
        "",
        etag,
        undefined,
      ]);
    }
    expect((await ask(test, "site", "/style.css", { headers: { "if-none-match": '"other"' } })).status).toBe(
      200,
    );
  });

  it.each([
    ["bytes=0-3", 206, "body", "bytes 0-3/20"],
    ["bytes=5-", 206, STYLE.slice(5), "bytes 5-19/20"],
    ["bytes=-4", 206, "eal }".slice(1), "bytes 16-19/20"],
    ["bytes=-400", 206, STYLE, "bytes 0-19/20"],
    ["bytes=0-999999", 206, STYLE, "bytes 0-19/20"],
    ["bytes=20-", 416, "", "bytes */20"],
    ["bytes=-0", 416, "", "bytes */20"],
    ["bytes=5-3", 200, STYLE, undefined],
    ["bytes=0-1,3-4", 200, STYLE, undefined],
    [`bytes=${"0-,".repeat(1000)}0-`, 200, STYLE, undefined],
    ["lines=0-1", 200, STYLE, undefined],
    ["bytes=a-b", 200, STYLE, undefined],
    ["bytes=99999999999999999999-", 200, STYLE, undefined],
  ])("answers Range: %.40s with %i", async (range, status, text, contentRange) => {
    const answer = await ask(test, "site", "/style.css", { headers: { range } });
    expect([answer.status, answer.text, answer.headers["content-range"]]).toEqual([
      status,
      text,
      contentRange,
    ]);
  });

  it("honours If-Range", async () => {
    const etag = (await ask(test, "site", "/style.css")).headers.etag!;
    expect(
      (await ask(test, "site", "/style.css", { headers: { range: "bytes=0-1", "if-range": etag } })).status,
    ).toBe(206);
    expect(
      (await ask(test, "site", "/style.css", { headers: { range: "bytes=0-1", "if-range": '"older"' } }))
        .status,
    ).toBe(200);
  });
});
