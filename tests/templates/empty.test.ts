// The empty templates, as they are, in process.
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readFolder } from "../../src/build/index.ts";
import { World } from "../hostcalls/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

it.each(["empty-wat", "empty-c", "empty-assemblyscript"])("%s greets whoever asks", async (name) => {
  const folder = join(import.meta.dirname, "../../templates", name);
  const guest = await world.program(name, await readFolder(folder));
  const { status, headers, said, fault } = await guest.ask("/somewhere?else");
  expect(fault).toBeNull();
  expect([status, headers, said]).toEqual([200, [["content-type", "text/plain"]], "Hello from /somewhere?else"]);
});
