// The AssemblyScript library and the C header as programs use them. The guests lie in tests/guests/.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostcallEntries } from "../src/abi/index.ts";
import type { Guest } from "./hostcalls/feature.ts";
import { NOW_MS, World } from "./hostcalls/world.ts";

const GUESTS = join(import.meta.dirname, "guests");

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

describe("the AssemblyScript library", () => {
  let guest: Guest;
  beforeAll(async () => {
    guest = await world.program(
      "assemblyscript-library",
      new Map([["assembly/index.ts", readFileSync(join(GUESTS, "assemblyscript-library/guest.ts"))]]),
    );
  });
  const ask = (path: string, url = guest.origin) => guest.ask(path, { headers: [["x-url", url]] });

  it("reads the request and writes status, headers and body", async () => {
    const answer = await guest.ask("/echo", {
      headers: [
        ["X-Many", "one"],
        ["x-many", "two"],
      ],
      body: "grüße",
    });
    expect([answer.status, answer.said]).toEqual([201, "grüße"]);
    expect(answer.headers).toEqual([
      ["x-names", "host"],
      ["x-names", "x-many"],
      ["x-many", "one"],
      ["x-many", "two"],
    ]);
  });

  it.each([
    ["caf\u00e9 au lait", "636166e9206175206c616974", "caf\ufffd au lait"],
    ["a sequence that ends early", "61f09f9862", "a\ufffdb"],
    ["an overlong form", "c080", "\ufffd\ufffd"],
    ["a surrogate", "eda080", "\ufffd\ufffd\ufffd"],
    ["beyond the last character", "f490808062", "\ufffd\ufffd\ufffd\ufffdb"],
    ["characters of each length", "24c2a2e282acf09f9880", "$\u00a2\u20ac\u{1f600}"],
    ["the end in the middle of one", "e282", "\ufffd"],
  ])("decodes bodies that are not UTF-8 as browsers do: %s", async (_, hex, text) => {
    const body = Buffer.from(hex, "hex");
    const { said } = await guest.ask("/decoded", { method: "POST", headers: [["x-bytes", "a"]], body });
    expect(said).toBe(text);
    expect(text).toBe(new TextDecoder().decode(body));
  });

  it("gives headers that are not UTF-8 byte for byte too", async () => {
    const { headers } = await guest.ask("/decoded", { headers: [["x-bytes", "caf\u00e9!"]] });
    expect(headers.at(-1)).toEqual(["x-bytes", "99.97.102.233.33"]);
  });

  it("passes an upstream's response on as it is", async () => {
    const { status, headers } = await ask("/proxy");
    expect(status).toBe(200);
    expect(headers.filter(([name]) => name === "x-reply")).toEqual([
      ["x-reply", "one"],
      ["x-reply", "two"],
    ]);
    expect((await ask("/elsewhere")).said).toBe("elsewhere");
  });

  it("passes an upstream's response on with changes", async () => {
    const { status, headers, said } = await ask("/changed");
    expect([status, said]).toEqual([201, expect.stringMatching(/^PONG:PING:A, ?B$/)]);
    expect(headers.filter(([name]) => ["x-reply", "x-new"].includes(name))).toEqual([
      ["x-reply", "three"],
      ["x-new", "three"],
    ]);
  });

  it("selects and polls pending requests", async () =>
    expect((await ask("/select")).said).toBe("false true fast held true true"));
  it("tells of failed requests", async () =>
    expect((await ask("/failures", guest.nowhere)).said).toBe("true true true true true true true"));
  it("answers 502 for a failed request that is returned", async () =>
    expect((await ask("/proxy", guest.nowhere)).status).toBe(502));
  it("reads and writes the store", async () =>
    expect((await guest.ask("/kv")).said).toBe("true true false äb false 0 true false"));
  it("compares with a value before it sets it, and counts", async () =>
    expect((await guest.ask("/kv-change")).said).toBe("false true false 10 -20 -20"));
  it("ends the run if what it should count is no number", async () =>
    expect((await guest.ask("/kv-text")).fault).toMatch(
      /Cannot increment "k": its value is no whole number/,
    ));
  it("compares moments", async () => {
    expect((await guest.ask("/time")).said).toBe(
      `${Math.floor(NOW_MS / 1000)} 123500000 true true true true true true false`,
    );
  });
  it("resolves names", async () => expect((await guest.ask("/dns")).said).toBe("192.0.2.7 true true"));
  it("draws random numbers", async () => expect((await guest.ask("/random")).said).toBe("true true"));

  it.each([
    ["/throw", /out of ☕ and 😀 \(assembly\/index\.ts:\d+:\d+\)/],
    ["/throw-text", /only text \(assembly\/index\.ts:\d+:\d+\)/],
    ["/throw-sum", /the sum is 2 \(assembly/],
    ["/throw-variable", /by a variable \(assembly/],
    ["/abort", /abort/],
    ["/assert", /not the root \(assembly\/index\.ts:\d+:\d+\)/],
    ["/index", /Index out of range/],
  ])("ends the run with a message at %s", async (path, message) =>
    expect((await guest.ask(path)).fault).toMatch(message),
  );

  it("writes to the log and knows the date by the standard library", async () => {
    const { log, said } = await guest.ask("/log");
    expect(log).toEqual(["debug: by console", "debug: by trace 1.0, 2.5"]);
    expect(said).toBe(String(Math.floor(NOW_MS)));
  });
});

it("the AssemblyScript library takes programs of 2019", async () => {
  const guest = await world.program(
    "assemblyscript-of-2019",
    new Map([["assembly/index.ts", readFileSync(join(GUESTS, "assemblyscript-of-2019/guest.ts"))]]),
  );
  expect((await guest.ask("/", { body: "abc" })).said).toBe("1 cba");
  const { said, headers, fault } = await guest.ask("/", { headers: [["accept", "text/plain"]], body: "abc" });
  expect([fault, said, headers]).toEqual([null, "2 cba", [["content-type", "text/plain"]]]);
});

describe("the C header", () => {
  it(
    "compiles C of 2019, whose own definitions of libc " +
      "functions win, and shows what it prints without a flush",
    async () => {
      const guest = await world.program(
        "c-of-2019",
        new Map([["src/main.c", readFileSync(join(GUESTS, "c-of-2019/guest.c"))]]),
      );
      const { said, log, fault } = await guest.ask("/", {
        method: "POST",
        headers: [["x-a", "b"]],
        body: "text",
      });
      expect([fault, said]).toEqual([null, "POST 2 text Jello 7 4 42 28 1"]);
      expect(log).toEqual(["stdout: no line end, and no flush"]);
    },
  );

  it("compiles every example of the reference page", async () => {
    const functions = hostcallEntries().map(
      ([name, { example }]) => `void example_${name}(void) {\n${example}\n}`,
    );
    const head = '#include "http_hostcalls.h"\n#include <stdlib.h>\n';
    const text = `${head}${functions.join("\n")}\nvoid run(void) {}\n`;
    const guest = await world.program("c-examples", new Map([["src/main.c", Buffer.from(text)]]));
    expect((await guest.ask("/")).fault).toBeNull();
  });
});
