// Programs as people wrote them in 2019, one for each crate of the set, built from unchanged sources, and
// what they answer.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { World } from "../hostcalls/world.ts";
import type { Ask } from "../hostcalls/feature.ts";
import { folder } from "./rust-project.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./toolchain.ts";

const MAUD_PAGE =
  "<!DOCTYPE html><head><meta " +
  'charset="utf-8"></meta><title>Insects</title></head><body class="page" id="top"><h1>At /here</h1>' +
  '<img src="/logo.png" ' +
  'alt="logo"></img><br></br><ul><li>ant</li><li>&lt;bee&gt;</li><li>cricket</li></ul><p>many</p></body>';
const ZOO = {
  data: {
    zoo: {
      name: "Berlin",
      animals: [
        { name: "ant", legs: 6 },
        { name: "eel", legs: null },
      ],
    },
  },
};
const COUNTED = (count: number) => JSON.stringify({ count, last: [47, 97] });

/** By program: a request, and status and body of its answer. */
const ANSWERS: Readonly<
  Record<string, readonly (readonly [path: string, ask: Ask, status: number, said: string])[]>
> = {
  "base64-config": [
    ["/?_-8", {}, 200, "7_8 7/8="],
    ["/?!", {}, 400, "not base64"],
  ],
  "failure-errors": [
    ["/21", {}, 200, "42"],
    ["/13", {}, 400, "error: thirteen"],
    ["/500", {}, 400, "error: 500 is too large"],
    ["/42", {}, 400, "error: the answer 42"],
    ["/x", {}, 400, "error: no number in x"],
  ],
  "graphql-derive": [
    ["/", {}, 200, '{"name":"Berlin"}'],
    ["/", { method: "POST", body: JSON.stringify(ZOO) }, 200, "Berlin ant:6,eel:0"],
  ],
  "html-escape": [
    [
      "/",
      { method: "POST", body: "<a>&\"b'" },
      200,
      "&lt;a&gt;&amp;&quot;b&#x27; &lt;a&gt;&amp;&quot;b&#x27; true",
    ],
  ],
  "json-counter": [
    ["/a", {}, 200, COUNTED(1)],
    ["/a", {}, 200, COUNTED(2)],
  ],
  "maud-page": [["/here", {}, 200, MAUD_PAGE]],
  "own-manifest": [
    [
      "/",
      {
        headers: [
          ["x-a", "1"],
          ["x-b", "2"],
          ["accept", "*/*"],
        ],
      },
      201,
      "",
    ],
  ],
  "own-allocator": [["/", {}, 200, "1 100"]],
  "own-externs": [["/", {}, 203, "by hand"]],
  "public-surface": [["/", {}, 200, "all there"]],
  "request-ext": [["/", {}, 200, "0 [true, true, true]"]],
  "random-numbers": [["/", {}, 200, "true abc 11 true"]],
  "words-and-time": [["/", { method: "POST", body: "ab1 CD ef22" }, 200, "ab1+ef22 cafe true"]],
};

describe.skipIf(!isRustTested)("a program of 2019", () => {
  let world: World;
  beforeAll(async () => {
    await prepareRust();
    world = await World.open();
  }, PREPARATION_MS);
  afterAll(() => world?.close());

  it.each(Object.entries(ANSWERS))("%s answers as it did", async (name, answers) => {
    const guest = await world.program(name, await folder(`tests/guests/rust-2019/${name}`));
    for (const [path, ask, status, said] of answers) {
      const answer = await guest.ask(path, ask);
      expect(answer).toMatchObject({ fault: null, status, said });
    }
  });

  it("counts the headers that it was sent, by an http of its own manifest", async () => {
    const guest = await world.program(
      "own-manifest-headers",
      await folder("tests/guests/rust-2019/own-manifest"),
    );
    expect(
      (
        await guest.ask("/", {
          headers: [
            ["x-a", "1"],
            ["x-b", "2"],
          ],
        })
      ).headers,
    ).toEqual([["x-count", "2"]]);
  });
});

it("every program of 2019 is tested", () => {
  expect(readdirSync(join(import.meta.dirname, "../guests/rust-2019")).toSorted()).toEqual(
    Object.keys(ANSWERS).toSorted(),
  );
});
