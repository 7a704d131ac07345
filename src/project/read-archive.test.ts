import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { TerrariumError } from "../errors/index.ts";
import { archive, member, pax, rawHeader } from "../../tests/builder/tar-pieces.ts";
import { readArchive } from "./read-archive.ts";
import { writeArchive } from "./write-archive.ts";

const LIMITS = { uploadBytes: 1_000_000, unpackedBytes: 100_000, archiveEntries: 20 };

function read(...members: readonly Uint8Array[]): Record<string, string> {
  const files = readArchive(archive(...members), LIMITS);
  return Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
}

function refusal(bytes: Uint8Array): string {
  try {
    readArchive(bytes, LIMITS);
  } catch (error) {
    if (error instanceof TerrariumError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("accepted archives", () => {
  test("hold regular files of ustar, GNU, and the format of 1979", () => {
    const files = read(
      member({ name: "a" }, "1"),
      member({ name: "b", magic: "gnu" }, "2"),
      member({ name: "c", magic: "none", type: "\0" }, "3"),
      member({ name: "d", type: "7" }, "4"),
    );
    expect(files).toEqual({ a: "1", b: "2", c: "3", d: "4" });
  });

  test("join ustar prefixes, and ignore what GNU keeps in that field", () => {
    expect(
      read(
        member({ name: "main.c", prefix: "src" }, "1"),
        member({ name: "b", magic: "gnu", prefix: "14200000000" }, "2"),
      ),
    ).toEqual({ "src/main.c": "1", b: "2" });
  });

  test("name files by PAX records and GNU long names", () => {
    const long = `src/${"x".repeat(150)}.c`;
    expect(read(pax({ path: "src/ä.c", mtime: "1.5" }), member({ name: "a" }, "1"))).toEqual({
      "src/ä.c": "1",
    });
    expect(
      read(
        member({ name: "././@LongLink", type: "L", magic: "gnu" }, `${long}\0`),
        member({ name: "cut", magic: "gnu" }, "1"),
      ),
    ).toEqual({ [long]: "1" });
  });

  test("may have names with backslashes and a leading dot", () => {
    expect(read(member({ name: "src\\main.c" }, "1"), member({ name: "./assets//a.css" }, "2"))).toEqual({
      "src/main.c": "1",
      "assets/a.css": "2",
    });
  });

  test("lose folders, dotfiles and node_modules, including links", () => {
    const files = read(
      member({ name: "src/", type: "5" }),
      member({ name: ".git/config" }, "x"),
      member({ name: "src/.hidden" }, "x"),
      member({ name: "node_modules/.bin/tsc", type: "2", link: "../typescript/bin/tsc" }),
      member({ name: "a/node_modules/b/index.js" }, "x"),
      member({ name: "src/main.c" }, "1"),
    );
    expect(files).toEqual({ "src/main.c": "1" });
  });

  test("may contain the global comment that git writes", () => {
    expect(read(pax({ comment: "0123" }, "g"), member({ name: "a" }, "1"))).toEqual({ a: "1" });
  });

  test("may end without the blocks of zeros, and anything after them is ignored", () => {
    expect([...readArchive(member({ name: "a" }, "1"), LIMITS).keys()]).toEqual(["a"]);
    expect([
      ...readArchive(
        Buffer.concat([archive(member({ name: "a" }, "1")), member({ name: "b" }, "2")]),
        LIMITS,
      ).keys(),
    ]).toEqual(["a"]);
  });

  test("may be compressed by gzip", () => {
    expect([...readArchive(gzipSync(archive(member({ name: "a" }, "1"))), LIMITS).keys()]).toEqual(["a"]);
  });

  test("round-trip through our own writer", () => {
    const files = new Map([
      ["src/main.c", Buffer.from("int x;")],
      [`deep/${"y".repeat(120)}/ünï.txt`, Buffer.alloc(1024, 7)],
      ["empty", Buffer.alloc(0)],
    ]);
    const written = readArchive(writeArchive(files), LIMITS);
    expect([...written].map(([name, bytes]) => [name, Buffer.from(bytes)])).toEqual([...files]);
  });
});

describe("refused names", () => {
  test.each([
    ["/etc/passwd", "absolute"],
    ["\\etc\\passwd", "absolute"],
    ["C:/a", "drive letter"],
    ["c:a", "drive letter"],
    ["../a", "leaves the project"],
    ["a/../../b", "leaves the project"],
    ["a\\..\\b", "leaves the project"],
    ["..", "leaves the project"],
    ["node_modules/../../a", "leaves the project"],
    ["a\nb", "control character"],
    ["a\x7fb", "control character"],
  ])("%j", (name, reason) => {
    expect(refusal(archive(member({ name }, "1")))).toContain(reason);
  });

  test("NUL in a PAX path, which other readers take for its end", () => {
    expect(refusal(archive(pax({ path: "a.c\0.png" }), member({ name: "x" }, "1")))).toContain(
      "control character",
    );
  });

  test("bytes that are not UTF-8", () => {
    expect(refusal(archive(member({ name: Uint8Array.of(0x61, 0xff) }, "1")))).toContain("UTF-8");
  });

  test("parts longer than file systems allow, and names longer than our limit", () => {
    expect(refusal(archive(pax({ path: "x".repeat(256) }), member({ name: "x" }, "1")))).toContain(
      "longer than 255",
    );
    expect(refusal(archive(pax({ path: "x/".repeat(600) + "y" }), member({ name: "x" }, "1")))).toContain(
      "longer than 1024",
    );
  });

  test.each([
    ["twice the same", "a", "a"],
    ["letter case", "README", "readme"],
    ["the sharp s", "straße", "STRASSE"],
    ["composed and decomposed accents", "\u00e9", "e\u0301"],
    ["a dot in between", "a/b", "a/./b"],
    ["a slash and a backslash", "a/b", "a\\b"],
    ["a file where a folder is", "a/b", "a"],
    ["a folder where a file is", "a", "A/b"],
  ])("two that are one: %s", (_, one, other) => {
    expect(refusal(archive(member({ name: one }, "1"), member({ name: other }, "2")))).toMatch(
      /one name to some file systems|both a file and a folder/,
    );
  });
});

describe("refused entries", () => {
  test.each([
    ["1", "hard link"],
    ["2", "symbolic link"],
    ["3", "character device"],
    ["4", "block device"],
    ["6", "named pipe"],
    ["S", "sparse"],
    ["V", 'type "V"'],
    ["M", 'type "M"'],
    ["Z", 'type "Z"'],
  ])("of type %s", (type, kind) => {
    expect(refusal(archive(member({ name: "a", type, link: "b" })))).toContain(kind);
  });

  test("links and folders with contents, since readers disagree about their length", () => {
    expect(
      refusal(archive(member({ name: ".a", type: "1", link: "b" }, "x"), member({ name: "c" }, "1"))),
    ).toContain("has contents");
    expect(refusal(archive(member({ name: "a/", type: "5" }, "x")))).toContain("has contents");
    expect(refusal(archive(member({ name: "a/" }, "x")))).toContain("contents of its own");
  });

  test("a PAX size that differs from the header's", () => {
    expect(
      refusal(archive(pax({ size: "0" }), member({ name: "a" }, "x".repeat(512)), member({ name: "b" }))),
    ).toContain("PAX size differs");
    expect(read(pax({ size: "3" }), member({ name: "a" }, "abc"))).toEqual({ a: "abc" });
  });

  test("sparse files of PAX", () => {
    expect(refusal(archive(pax({ "GNU.sparse.major": "1" }), member({ name: "a" }, "1")))).toContain(
      "sparse",
    );
  });

  test("two names for one file", () => {
    const long = member({ name: "L", type: "L" }, "b\0");
    expect(refusal(archive(long, pax({ path: "c" }), member({ name: "a" }, "1")))).toContain(
      "two long names",
    );
    expect(refusal(archive(long, long, member({ name: "a" }, "1")))).toContain("two long names");
    expect(refusal(archive(pax({ path: "c" }), pax({ path: "d" }), member({ name: "a" }, "1")))).toContain(
      "two extended headers",
    );
  });

  test("a global header that names all files", () => {
    expect(refusal(archive(pax({ path: "c" }, "g"), member({ name: "a" }, "1")))).toContain("global header");
  });

  test.each([
    "",
    "x",
    "12",
    "999 path=a\n",
    "10 path=\n",
    "8 path=\n",
    "0 path=a\n",
    "10 path=abc",
    "08 path=\n",
  ])("malformed PAX records: %j", (records) => {
    if (records === "")
      expect(read(member({ name: "p", type: "x" }, records), member({ name: "a" }, "1"))).toEqual({ a: "1" });
    else
      expect(
        refusal(archive(member({ name: "p", type: "x" }, records), member({ name: "a" }, "1"))),
      ).toContain("PAX record");
  });
});

describe("damaged archives", () => {
  test("cut inside a header, inside a file, after an extended header", () => {
    const whole = archive(member({ name: "a" }, "x".repeat(600)));
    expect(refusal(whole.subarray(0, 300))).toContain("inside a header");
    expect(refusal(whole.subarray(0, 1000))).toContain("inside a file");
    expect(refusal(archive(pax({ path: "b" })))).toContain("after an extended header");
  });

  test("with a wrong checksum, or not a tar at all", () => {
    expect(refusal(archive(rawHeader({ name: "a", checksum: 1 })))).toContain("checksum");
    expect(refusal(Buffer.alloc(1024, "not a tar "))).toContain("malformed number");
    expect(refusal(Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]))).toContain("gzip");
  });

  test("with sizes that are not numbers, or absurdly large", () => {
    expect(refusal(archive(rawHeader({ name: "a", sizeField: Buffer.from("0000000009 \0") })))).toContain(
      "malformed number",
    );
    expect(refusal(archive(rawHeader({ name: "a", sizeField: Buffer.alloc(12, 0xff) })))).toContain(
      "out of range",
    );
    expect(
      refusal(
        archive(rawHeader({ name: "a", sizeField: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]) })),
      ),
    ).toContain("inside a file");
  });
});

describe("limits", () => {
  const filler = (count: number): Buffer[] =>
    Array.from({ length: count }, (_, index) => member({ name: `f${index}` }));

  test("on entries pass at the limit and fail one above, counting ignored ones", () => {
    expect(Object.keys(read(...filler(20)))).toHaveLength(20);
    expect(refusal(archive(...filler(20), member({ name: ".ignored" })))).toBe(
      "TER_ARCHIVE_TOO_LARGE: The archive has 21 entries; the limit is 20",
    );
  });

  test("on bytes pass at the limit and fail one above", () => {
    const exact = [member({ name: "a" }, "x".repeat(60_000)), member({ name: "b" }, "x".repeat(40_000))];
    expect(Object.keys(read(...exact))).toEqual(["a", "b"]);
    expect(refusal(archive(...exact, member({ name: "c" }, "x")))).toContain("TER_ARCHIVE_TOO_LARGE");
    expect(refusal(Buffer.alloc(LIMITS.uploadBytes + 1))).toContain("TER_ARCHIVE_TOO_LARGE");
  });

  test("stop a gzip bomb before it is unpacked", () => {
    const bomb = gzipSync(Buffer.alloc(300_000_000));
    const before = process.memoryUsage().arrayBuffers;
    expect(refusal(bomb)).toContain("TER_ARCHIVE_TOO_LARGE");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });
});
