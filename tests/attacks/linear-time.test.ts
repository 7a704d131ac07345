// Whatever a stranger's text is read with takes time in proportion to the text. Times are compared within one
// run, of this thread's CPU, and as a ratio only: for four times the text a quadratic reader takes sixteen
// times as long, so a bar of eight holds on a busy machine too.
import { expect, test } from "vitest";
import { parseDuration } from "../../src/config/duration.ts";
import { keyOf } from "../../src/control/api/routes/key-value.ts";
import { isDeploymentId } from "../../src/control/deployments/identity.ts";
import { decodeArchive } from "../../src/control/parsing/base64.ts";
import { boundedJson } from "../../src/control/protocol/bounded-answer.ts";
import { readManifest } from "../../src/builder/manifest.ts";
import { readArchive } from "../../src/project/read-archive.ts";
import { writeArchive } from "../../src/project/write-archive.ts";
import { describeProgram } from "../../src/languages/rust/program.ts";
import { SEND_REQUEST } from "../../src/api/requests.ts";
import { readRange } from "../../src/edge/assets/range.ts";

const GROWTH = 4;
const MAX_RATIO = 8;
const ROUNDS = 7;
const QUICK_MS = 50;

interface Reader {
  readonly name: string;
  /** Reads an input of a size; what it throws does not matter. */
  readonly read: (input: string) => unknown;
  /** Inputs that would be slow for a careless reader. */
  readonly inputs: Readonly<Record<string, (size: number) => string>>;
  readonly size: number;
}

const LIMITS = { uploadBytes: 1 << 26, unpackedBytes: 1 << 26, archiveEntries: 100_000 };
const repeat = (piece: string) => (size: number) => piece.repeat(Math.ceil(size / piece.length));

const READERS: readonly Reader[] = [
  {
    name: "base64 of an archive",
    read: decodeArchive,
    inputs: {
      "white space, then what is not base64": (size) => `${" ".repeat(size)}?`,
      "letters, then what is not base64": (size) => `${"A".repeat(size)}?`,
      "padding all through": repeat("="),
      "pairs of padding and space": repeat("= "),
    },
    size: 1 << 20,
  },
  {
    name: "terrarium.toml",
    read: (text) => readManifest(new Map([["terrarium.toml", Buffer.from(text)]])),
    inputs: {
      "nested lists": repeat("a=["),
      "empty lines": repeat("\n"),
      "dotted keys": (size) => `${"a.".repeat(size / 2)}a=1`,
      "one long string": (size) => `name="${"\\\\".repeat(size / 2)}`,
      "many tables": (size) => Array.from({ length: size / 12 }, (_, index) => `[t${index}]\n`).join(""),
      "inline tables": repeat("{a="),
    },
    size: 100_000,
  },
  {
    name: "Cargo.toml",
    read: (text) => describeProgram(new Map([["Cargo.toml", Buffer.from(text)]]), () => true),
    inputs: { "empty lines": repeat("\n"), "opened lists": repeat("a=[") },
    size: 100_000,
  },
  {
    name: "the root file of a Rust project",
    read: (text) => describeProgram(new Map([["src/lib.rs", Buffer.from(text)]]), () => true),
    inputs: {
      "empty lines": repeat("\n"),
      "carriage returns": repeat("\r"),
      "separators of lines": repeat("\u2028"),
      attributes: repeat("#[macro_use]\n"),
      "blank attributes": repeat("#[macro_use]        \n        "),
      "spaces after extern": repeat("extern  "),
      "unfinished attributes": repeat("# [ "),
    },
    size: 200_000,
  },
  {
    name: "a tar of many names",
    read: (text) => readArchive(Buffer.from(text, "latin1"), LIMITS),
    inputs: {
      "short files": (size) =>
        Buffer.from(
          writeArchive(
            new Map(Array.from({ length: size / 1024 }, (_, index) => [`src/${index}.c`, Buffer.from("x")])),
          ),
        ).toString("latin1"),
    },
    size: 4 << 20,
  },
  {
    name: "a key in a path",
    read: (text) => keyOf(text, "percent"),
    inputs: {
      "percent signs": (size) => `/api/v1/deployments/x/kv/${"%41".repeat(size / 3)}`,
      "the marker again and again": (size) => `/${"kv/".repeat(size / 3)}`,
    },
    size: 200_000,
  },
  {
    name: "the request that the studio sends for somebody",
    read: (text) => SEND_REQUEST.body.safeParse({ body: text, path: `/${text}` }),
    inputs: { base64: repeat("QUFB"), "base64 that ends badly": (size) => `${"A".repeat(size)}?` },
    size: 1 << 20,
  },
  {
    name: "a compiler's text that is cut for clients of 2019",
    read: (text) => boundedJson({ message: text }),
    inputs: { "one long line": repeat("x"), "escaped characters": repeat("\u0001") },
    size: 1 << 19,
  },
  {
    name: "a duration",
    read: (text) => parseDuration(text),
    inputs: { digits: repeat("1"), "digits and points": repeat("1.1"), "units and no end": repeat("1m1s") },
    size: 100_000,
  },
  {
    name: "a Range header",
    read: (text) => readRange(text, 1000),
    inputs: { digits: (size) => `bytes=${"1".repeat(size)}`, commas: (size) => `bytes=${",".repeat(size)}` },
    size: 1 << 20,
  },
  {
    name: "a deployment's id",
    read: (text) => isDeploymentId(text),
    inputs: { letters: repeat("a"), hyphens: repeat("abc-") },
    size: 1 << 20,
  },
];

for (const { name, read, inputs, size } of READERS) {
  for (const [kind, make] of Object.entries(inputs)) {
    test(`${name} takes time in proportion to its input: ${kind}`, () => {
      const [small, large] = [make(size), make(GROWTH * size)];
      timeOf(read, small);
      let [best, bestLarge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let round = 0; round < ROUNDS; round++) {
        best = Math.min(best, timeOf(read, small));
        bestLarge = Math.min(bestLarge, timeOf(read, large));
      }
      // Readers that are this quick are not worth an attack, and the memory's caches decide their ratio.
      if (bestLarge < QUICK_MS) return;
      expect(bestLarge / best).toBeLessThan(MAX_RATIO);
    });
  }
}

function timeOf(read: (input: string) => unknown, input: string): number {
  const before = process.threadCpuUsage();
  try {
    read(input);
  } catch {
    // Refused, in time.
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
