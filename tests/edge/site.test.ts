// A static site as a browser asks for it: folders, conditions, codings, names in other Unicode forms.
import { brotliCompressSync, brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, askHttp2, DOMAIN, openHttp2, respond, startTestEdge, type TestEdge } from "./edge-fixture.ts";

let test: TestEdge;
const SCRIPT = "console.log('hello');\n".repeat(200);
const READY = brotliCompressSync(Buffer.from("made ahead"));

beforeAll(async () => {
  test = await startTestEdge();
  await test.deploy("site", ({ path }) => respond(200, `program ${path}`), {
    assets: {
      "/deep/index.html": "<h1>deep</h1>",
      "/app.js": SCRIPT,
      "/ready.css": "plain",
      "/ready.css.br": READY,
      "/picture.png": Buffer.alloc(5000, "a"),
      "/cafe\u0301.txt": "decomposed",
      "/.well-known/security.txt": "Contact: a@b",
    },
  });
  const json = JSON.stringify(Array.from({ length: 400 }, (_, index) => index));
  await test.deploy("api", ({ path }) => {
    const headers: [string, string][] = [["content-type", "application/json"]];
    if (path === "/tagged") headers.push(["etag", '"one"'], ["vary", "origin"]);
    if (path === "/fixed") headers.push(["cache-control", "public, no-transform"]);
    if (path === "/own") headers.push(["content-encoding", "x-own"]);
    if (path === "/small") return respond(200, "{}", headers);
    if (path === "/bytes") return respond(200, json, [["content-type", "image/png"]]);
    return respond(path === "/part" ? 206 : 200, json, headers);
  });
});
afterAll(() => test[Symbol.asyncDispose]());

const accepting = (coding: string) => ({ headers: { "accept-encoding": coding } });

describe("a folder with an index", () => {
  it("is served as a page under its name with a slash", async () => {
    const { status, headers, text } = await ask(test, "site", "/deep/?a=b");
    expect([status, headers["content-type"], text]).toEqual([
      200,
      "text/html; charset=utf-8",
      "<h1>deep</h1>",
    ]);
  });

  it("leads there without the slash, with its query, and never to another host", async () => {
    const plain = await ask(test, "site", "/deep?a=b");
    expect([plain.status, plain.headers.location]).toEqual([301, "/deep/?a=b"]);
    await test.deploy("odd", () => respond(200, "program"), { assets: { "//evil.test/index.html": "x" } });
    expect((await ask(test, "odd", "//evil.test")).headers.location).toBe("/evil.test/");
    expect((await ask(test, "site", "/deep", { method: "POST" })).text).toBe("program /deep");
  });
});

describe("conditions", () => {
  it("compare the entity tag and the date of the deploy", async () => {
    const first = await ask(test, "site", "/app.js");
    const { etag, "last-modified": modified } = first.headers as Record<string, string>;
    expect(Date.parse(modified!)).toBeGreaterThan(Date.now() - 600_000);
    const statusOf = async (headers: Record<string, string>) =>
      (await ask(test, "site", "/app.js", { headers })).status;
    expect(await statusOf({ "if-match": etag! })).toBe(200);
    expect(await statusOf({ "if-match": '"other"' })).toBe(412);
    expect(await statusOf({ "if-match": `W/${etag}` })).toBe(412);
    expect(await statusOf({ "if-modified-since": modified! })).toBe(304);
    expect(await statusOf({ "if-modified-since": "Thu, 01 Jan 2015 00:00:00 GMT" })).toBe(200);
    expect(await statusOf({ "if-unmodified-since": "Thu, 01 Jan 2015 00:00:00 GMT" })).toBe(412);
    expect(await statusOf({ "if-modified-since": modified!, "if-none-match": '"other"' })).toBe(200);
    const range = { range: "bytes=0-3" };
    expect(await statusOf({ ...range, "if-range": modified! })).toBe(206);
    expect(await statusOf({ ...range, "if-range": "Thu, 01 Jan 2015 00:00:00 GMT" })).toBe(200);
  });
});

describe("codings", () => {
  it.each([
    ["gzip", gunzipSync],
    ["br", brotliDecompressSync],
    ["zstd", zstdDecompressSync],
  ] as const)("include %s for assets and programs' responses", async (coding, decode) => {
    for (const [id, path] of [
      ["site", "/app.js"],
      ["api", "/"],
    ] as const) {
      const plain = await ask(test, id, path);
      const coded = await ask(test, id, path, accepting(coding));
      expect([coded.headers["content-encoding"], coded.headers.vary]).toEqual([coding, "accept-encoding"]);
      expect(decode(coded.body).toString()).toBe(plain.text);
      expect(coded.headers["content-length"]).toBe(String(coded.body.length));
    }
  });

  it("have entity tags of their own, and conditions that know them", async () => {
    const [plain, coded] = [
      await ask(test, "site", "/app.js"),
      await ask(test, "site", "/app.js", accepting("gzip")),
    ];
    expect(coded.headers.etag).not.toBe(plain.headers.etag);
    const headers = { "accept-encoding": "gzip", "if-none-match": coded.headers.etag! };
    expect((await ask(test, "site", "/app.js", { headers })).status).toBe(304);
    const tagged = await ask(test, "api", "/tagged", accepting("br"));
    expect([tagged.headers.etag, tagged.headers.vary]).toEqual(['W/"one"', "origin, accept-encoding"]);
  });

  it("come from the project where it has them", async () => {
    const { headers, body } = await ask(test, "site", "/ready.css", accepting("gzip, br"));
    expect([headers["content-encoding"], headers["content-type"]]).toEqual(["br", "text/css; charset=utf-8"]);
    expect(brotliDecompressSync(body).toString()).toBe("made ahead");
    expect((await ask(test, "site", "/ready.css", accepting("gzip"))).text).toBe("plain");
  });

  it.each([
    ["site", "/app.js", "identity"],
    ["site", "/app.js", "gzip;q=0, *;q=0"],
    ["site", "/app.js", "gzip;q=0.5, identity;q=1"],
    ["site", "/picture.png", "gzip"],
    ["api", "/small", "gzip"],
    ["api", "/bytes", "gzip"],
    ["api", "/fixed", "gzip"],
    ["api", "/part", "gzip"],
  ])("are left out for %s%s where the client accepts %s", async (id, path, coding) => {
    expect((await ask(test, id, path, accepting(coding))).headers["content-encoding"]).toBeUndefined();
  });

  it("are the program's where it has chosen one", async () => {
    expect((await ask(test, "api", "/own", accepting("gzip"))).headers["content-encoding"]).toBe("x-own");
  });

  it("go with HTTP/2 and with HEAD, and ranges are of the plain file", async () => {
    const session = openHttp2(test, "site");
    const head = { ":authority": `site.${DOMAIN}`, ":path": "/app.js", "accept-encoding": "gzip" };
    const coded = await askHttp2(session, head);
    session.close();
    expect(gunzipSync(coded.body).toString()).toBe(SCRIPT);
    const asked = await ask(test, "site", "/app.js", { method: "HEAD", ...accepting("gzip") });
    expect([asked.headers["content-encoding"], asked.text]).toEqual(["gzip", ""]);
    const headers = { "accept-encoding": "gzip", range: "bytes=0-6" };
    expect((await ask(test, "site", "/app.js", { headers })).text).toBe("console");
  });
});

describe("names", () => {
  it("are one in every Unicode form, and .well-known is a name", async () => {
    expect((await ask(test, "site", "/caf%C3%A9.txt")).text).toBe("decomposed");
    expect((await ask(test, "site", "/cafe%CC%81.txt")).text).toBe("decomposed");
    expect((await ask(test, "site", "/.well-known/security.txt")).text).toBe("Contact: a@b");
  });
});
