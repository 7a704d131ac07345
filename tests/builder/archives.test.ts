// Our tar reader beside GNU tar: over a hundred archives, what we accept is what GNU tar finds in them, byte
// for byte.
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readArchive, writeArchive } from "../../src/project/index.ts";
import { isIgnored } from "../../src/project/names.ts";
import { archive, member, pax, rawHeader, type RawHeader } from "./tar-pieces.ts";

const LIMITS = { uploadBytes: 50_000_000, unpackedBytes: 50_000_000, archiveEntries: 1000 };
const FORMATS = ["v7", "oldgnu", "gnu", "ustar", "pax"] as const;
const scratch = mkdtempSync(join(tmpdir(), "terrarium-tar-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function hasGnuTar(): boolean {
  try {
    return execFileSync("tar", ["--version"], { encoding: "utf8" }).includes("GNU tar");
  } catch {
    return false;
  }
}

/** Regular files that GNU tar extracts, but those that projects lose. */
function extractWithTar(bytes: Uint8Array): Record<string, string> {
  const folder = mkdtempSync(join(scratch, "out-"));
  execFileSync("tar", ["-xf", "-", "-C", folder, "--no-same-owner"], {
    input: bytes,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const name = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !isIgnored(name))
      found[name.replaceAll("\\", "/")] = readFileSync(join(folder, name)).toString("hex");
  }
  return found;
}

function extractOurselves(bytes: Uint8Array): Record<string, string> | "refused" {
  try {
    return Object.fromEntries(
      [...readArchive(bytes, LIMITS)].map(([name, contents]) => [
        name,
        Buffer.from(contents).toString("hex"),
      ]),
    );
  } catch {
    return "refused";
  }
}

/** Trees that people have: deep, long, accented, empty, big. */
function projectTree(seed: number): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let index = 0; index < 3 + seed; index++) {
    const name = [
      "src/main.c",
      "assets/größe.png",
      `deep/${"folder/".repeat(seed)}x.h`,
      "empty",
      `long/${"n".repeat(80 + seed * 3)}.txt`,
      "with space.md",
      ".hidden",
      "node_modules/a/b.js",
    ];
    files.set(
      name[index % name.length]?.replace(/(\.\w+)?$/, `${index}$1`) ?? "",
      Buffer.alloc((seed * 511 + index * 513) % 3000, index + 1),
    );
  }
  return files;
}

function packWithTar(files: ReadonlyMap<string, Buffer>, format: string): Buffer {
  const folder = mkdtempSync(join(scratch, "in-"));
  for (const [name, contents] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  return execFileSync("tar", ["-cf", "-", `--format=${format}`, "-C", folder, "."], {
    maxBuffer: 100_000_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

describe.runIf(hasGnuTar())("beside GNU tar", () => {
  describe.each(FORMATS)("in the %s format", (format) => {
    test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])("project %i reads the same", (seed) => {
      // v7 and ustar cannot hold every name; GNU tar then leaves the file out and fails.
      const longest = format === "v7" ? 99 : 100;
      const files = new Map(
        [...projectTree(seed)].filter(
          ([name]) => (format !== "v7" && format !== "ustar") || Buffer.byteLength(`./${name}`) < longest,
        ),
      );
      const bytes = packWithTar(files, format);
      const ours = extractOurselves(bytes);
      expect(ours).not.toBe("refused");
      expect(ours).toEqual(extractWithTar(bytes));
    });
  });

  test.each([1, 4, 8, 12])("GNU tar reads what we write of project %i", (seed) => {
    const files = new Map([...projectTree(seed)].filter(([name]) => !isIgnored(name)));
    expect(extractWithTar(writeArchive(files))).toEqual(
      Object.fromEntries([...files].map(([name, bytes]) => [name, bytes.toString("hex")])),
    );
  });

  test.each(["--sparse", "--hard-dereference"])("links and holes packed with %s are refused", (option) => {
    const folder = mkdtempSync(join(scratch, "odd-"));
    writeFileSync(join(folder, "a"), "1");
    symlinkSync("a", join(folder, "b"));
    expect(extractOurselves(execFileSync("tar", ["-cf", "-", option, "-C", folder, "."]))).toBe("refused");
  });

  const tail = member({ name: "tail" }, "t");
  const hostile: readonly (readonly [string, Uint8Array])[] = [
    ...hostileHeaders().map(([label, header, body]) => [label, archive(member(header, body), tail)] as const),
    [
      "size said twice, smaller in PAX",
      archive(pax({ size: "1" }), member({ name: "a" }, "x".repeat(1024)), tail),
    ],
    [
      "size said twice, larger in PAX",
      archive(pax({ size: "2048" }), member({ name: "a" }, "x"), tail, tail, tail, tail),
    ],
    ["size said twice alike", archive(pax({ size: "1" }), member({ name: "a" }, "x"), tail)],
    ["PAX path taken back", archive(pax({ path: "" }), member({ name: "a" }, "x"), tail)],
    ["global path", archive(pax({ path: "b" }, "g"), member({ name: "a" }, "x"), tail)],
    ["global comment", archive(pax({ comment: "b" }, "g"), member({ name: "a" }, "x"), tail)],
    [
      "long name and PAX path",
      archive(
        member({ name: "L", type: "L", magic: "gnu" }, "long\0"),
        pax({ path: "b" }),
        member({ name: "a" }, "x"),
        tail,
      ),
    ],
    [
      "long name",
      archive(
        member({ name: "././@LongLink", type: "L", magic: "gnu" }, "long/name\0"),
        member({ name: "a", magic: "gnu" }, "x"),
        tail,
      ),
    ],
    [
      "long link before a file",
      archive(
        member({ name: "././@LongLink", type: "K", magic: "gnu" }, "target\0"),
        member({ name: "a", magic: "gnu" }, "x"),
        tail,
      ),
    ],
    ["one block of zeros inside", archive(member({ name: "a" }, "x"), Buffer.alloc(512), tail)],
    ["members after the end", Buffer.concat([archive(member({ name: "a" }, "x")), archive(tail)])],
    ["no end at all", member({ name: "a" }, "x")],
    [
      "an archive inside an archive",
      archive(member({ name: "inner.tar" }, archive(member({ name: "smuggled" }, "x"))), tail),
    ],
    ["the same name twice", archive(member({ name: "a" }, "1"), member({ name: "a" }, "2"))],
    [
      "link, then a file through it",
      archive(member({ name: "d", type: "2", link: "." }), member({ name: "d/a" }, "x")),
    ],
    ["wrong checksum", archive(rawHeader({ name: "a", checksum: 7 }), tail)],
    [
      "sparse by PAX",
      archive(
        pax({
          "GNU.sparse.major": "1",
          "GNU.sparse.minor": "0",
          "GNU.sparse.name": "b",
          "GNU.sparse.realsize": "9",
        }),
        member({ name: "a" }, "0\n"),
        tail,
      ),
    ],
    ["nothing", new Uint8Array()],
    ["only the end", archive()],
  ];

  test.each(hostile)("%s: refused, or read as GNU tar reads it", (_, bytes) => {
    const ours = extractOurselves(bytes);
    if (ours !== "refused") expect(ours).toEqual(bytes.length === 0 ? {} : extractWithTar(bytes));
  });

  test("the corpus has over a hundred archives", () => {
    expect(hostile.length + FORMATS.length * 12).toBeGreaterThan(100);
  });
});

function hostileHeaders(): (readonly [label: string, header: RawHeader, body: string])[] {
  const types = [..."12346789SVMNDAKXZ"].map(
    (type) => [`type ${type}`, { name: "a", type, link: "tail" }, ""] as const,
  );
  const names = [
    "/abs",
    "..",
    "../up",
    "a/../b",
    "C:\\x",
    "a\\b",
    "a//b",
    "./a",
    "a/.",
    "a/",
    "",
    "\u00e9",
    ".hidden",
    "node_modules/x",
    "a\tb",
  ];
  const sizes: RawHeader[] = [
    { name: "a", sizeField: Buffer.from("00000000003 ") },
    { name: "a", sizeField: Buffer.from("          3\0") },
    { name: "a", sizeField: Buffer.from("3\0\0\0\0\0\0\0\0\0\0\0") },
    { name: "a", sizeField: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]) },
    { name: "a", sizeField: Buffer.from([0xff, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 253]) },
    { name: "a", sizeField: Buffer.from("-0000000003\0") },
    { name: "a", sizeField: Buffer.alloc(12) },
  ];
  return [
    ...types,
    ...names.map((name) => [`name ${JSON.stringify(name)}`, { name }, "abc"] as const),
    ...sizes.map((header, index) => [`size field ${index}`, header, "abc"] as const),
    ["GNU fields where POSIX has a prefix", { name: "a", magic: "gnu", prefix: "1234" }, "abc"],
    ["prefix", { name: "a", prefix: "p/q" }, "abc"],
    ["prefix without magic", { name: "a", prefix: "p", magic: "none" }, "abc"],
  ];
}
