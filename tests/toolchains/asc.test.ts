// Programs by plain `asc`, without the platform's library: they import what the compiler itself provides
// nowhere else.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureAnswer, Guest } from "../hostcalls/feature.ts";
import { World } from "../hostcalls/world.ts";

const ASC = join(import.meta.dirname, "../../node_modules/assemblyscript/bin/asc.js");
const HEAD = `
// @ts-ignore: decorator
@external("env", "hostcall_resp_set_body")
declare function set_body(response: i32, at: usize, size: i32): i32;
function say(text: string): void {
  const bytes = String.UTF8.encode(text);
  set_body(0, changetype<usize>(bytes), bytes.byteLength);
}
`;

describe("a program by plain asc", () => {
  let world: World;
  const folder = mkdtempSync(join(tmpdir(), "terrarium-asc-"));
  beforeAll(async () => void (world = await World.open()));
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  let count = 0;
  async function program(body: string, ...flags: string[]): Promise<Guest> {
    const [name, source] = [`asc-${count++}`, join(folder, "index.ts")];
    const output = join(folder, "module.wasm");
    writeFileSync(source, `${HEAD}export function run(): void {\n${body}\n}\n`);
    execFileSync(process.execPath, [ASC, "index.ts", "-o", "module.wasm", ...flags], { cwd: folder });
    return world.program(name, new Map([["module.wasm", readFileSync(output)]]));
  }
  const answerOf = async (body: string, ...flags: string[]): Promise<FeatureAnswer> =>
    (await program(body, ...flags)).ask("/", {});

  it("answers, traces and logs", async () => {
    const body =
      'trace("två", 2, 1.5, -2); trace("none"); ' +
      'console.log("to the log"); console.warn("€"); say("hello");';
    const { said, fault, log } = await answerOf(body);
    expect({ said, fault }).toEqual({ said: "hello", fault: null });
    expect(log).toEqual(["debug: två 1.5, -2", "debug: none", "debug: to the log", "debug: €"]);
  });

  it("is ended by abort with message, file, line and column", async () => {
    expect((await answerOf('  throw new Error("no more cheese");')).fault).toBe(
      "The program panicked: no more cheese (index.ts:10:3)",
    );
    expect((await answerOf("  assert(set_body(0, 0, 0) == 5);")).fault).toContain("abort (index.ts:10:3)");
  });

  it("may leave memory and table to the platform", async () => {
    const body = "const text = [3, 1, 2].sort((a: i32, b: i32) => a - b).join(); say(text);";
    expect(await answerOf(body, "--importMemory", "--importTable")).toMatchObject({
      fault: null,
      said: "1,2,3",
    });
  });

  it("has random numbers and a clock of its own in each run", async () => {
    const guest = await program("say(Math.random().toString() + ' ' + Date.now().toString());");
    const answers = [await guest.ask("/", {}), await guest.ask("/", {})].map(({ said }) => said.split(" "));
    expect(answers[0]?.[0]).not.toBe(answers[1]?.[0]);
    expect(answers[0]?.[1]).toBe(String(Math.floor(world.nowMs)));
  });
});
