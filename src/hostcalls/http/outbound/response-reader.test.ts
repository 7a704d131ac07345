import { describe, expect, it } from "vitest";
import { ResponseReader } from "./response-reader.ts";

const LIMITS = { maxHeaderBytes: 300, maxBodyBytes: 50 };

/** Reads a reply in pieces of one size; the reason if it fails. */
function read(reply: string, pieceBytes = 1, method = "GET") {
  const reader = new ResponseReader(LIMITS, method);
  const bytes = Buffer.from(reply, "latin1");
  try {
    let done = false;
    for (let at = 0; at < bytes.length && !done; at += pieceBytes)
      done = reader.push(bytes.subarray(at, at + pieceBytes));
    if (!done) reader.end();
    const { status, headers, body } = reader.response;
    return { status, headers, body: Buffer.from(body).toString("latin1") };
  } catch (error) {
    return (error as Error).message;
  }
}

const REPLIES = [
  "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 2\r\n\r\nok",
  "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 204 N\nA: b\n\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x\n!\n0\r\nT: t\r\n\r\n",
  "HTTP/1.1 200 OK\r\n\r\nuntil close",
];

describe("a response", () => {
  it.each(REPLIES)("is the same in pieces of any size: %j", (reply) => {
    const whole = read(reply, reply.length);
    expect(whole).toMatchObject({ body: expect.any(String) });
    for (const size of [1, 2, 3, 5, 7, 11]) expect(read(reply, size)).toEqual(whole);
  });

  it("to HEAD has no body, whatever its length says", () => {
    expect(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 4, "HEAD")).toMatchObject({
      headers: [["Content-Length", "9"]],
      body: "",
    });
  });

  it("that is chunked loses a length of its own", () => {
    const reply =
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    expect(read(reply)).toMatchObject({ headers: [["Transfer-Encoding", "chunked"]], body: "ok" });
  });

  it("may have more chunks than its headers may have bytes", () => {
    const chunks = "1\r\nx\r\n".repeat(50);
    const reply = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`;
    expect(read(reply)).toMatchObject({ body: "x".repeat(50) });
  });

  it.each([
    ["HTTP/1.1 200 OK\r\nContent-Length: 51\r\n\r\n", "larger than 50 bytes"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffff\r\n", "larger than 50 bytes"],
    [
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"x".repeat(400)}`,
      "headers of the answer are too large",
    ],
    [`HTTP/1.1 200 OK\r\nA: ${"b".repeat(300)}`, "headers of the answer are too large"],
    ["HTTP/1.1 100 C\r\n\r\n".repeat(40), "headers of the answer are too large"],
    ["HTTP/1.1 200 OK\r\nA\r\n\r\n", "a header line has no name"],
    ["HTTP/1.1 200 OK\r\nA: b\rEvil: c\r\n\r\n", "a line holds CR or NUL"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok", "two different lengths"],
    ["HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok", "its length is not a number"],
    ["HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", "its length is not a number"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: lzma, chunked\r\n\r\n", "transfer coding is unknown"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n", "longer than its size"],
    ["HTTP/1.1 101 S\r\n\r\n", "another protocol"],
    ["HTTP/3 200\r\n\r\n", "does not begin with a status line"],
    ["HTTP/1.1 2000\r\n\r\n", "does not begin with a status line"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", "it ends too early"],
    ["", "the connection was lost"],
  ])("like %j is a failure with its reason", (reply, reason) => {
    for (const size of [1, 1000]) expect(read(reply, size)).toContain(reason);
  });
});
