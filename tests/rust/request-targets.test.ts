// Request targets that clients send and the edge accepts, as the guest library shows them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Guest } from "../hostcalls/feature.ts";
import { World } from "../hostcalls/world.ts";
import { rustProject } from "./rust-project.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./toolchain.ts";

const FUNCTION =
  "fn answer(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {\n" +
  "    Response::new(request.uri().to_string().into_bytes())\n}\nguest_app!(answer);\n";
const PROGRAMS = {
  current: `use http_guest::{Request, Response, guest_app};\n${FUNCTION}`,
  "2019": `#[macro_use]\nextern crate http_guest;\nuse http_guest::{Request, Response};\n${FUNCTION}`,
};

describe.skipIf(!isRustTested).each(Object.entries(PROGRAMS))("a program of the set %s", (set, source) => {
  let world: World;
  let guest: Guest;
  beforeAll(async () => {
    await prepareRust();
    world = await World.open();
    guest = await world.program(`request-targets-${set}`, rustProject({ "src/lib.rs": source }));
  }, PREPARATION_MS);
  afterAll(() => world?.close());

  it.each([
    ["/a?b=c%20d", "/a?b=c%20d"],
    ['/a?x="q"', "/a?x=%22q%22"],
    ["/a?x=<b>", "/a?x=%3Cb%3E"],
    ["/a`b", "/a%60b"],
    ["/{a}|b^c\\d", "/%7Ba%7D%7Cb%5Ec%5Cd"],
    ["/caf\u00c3\u00a9", "/caf%C3%A9"],
  ])("gets %s as %s or as it came", async (path, encoded) => {
    const { fault, said } = await guest.ask(path, {});
    expect(fault).toBeNull();
    const asItCame = Buffer.from(path, "latin1").toString("utf8");
    expect([encoded, asItCame]).toContain(said);
  });
});
