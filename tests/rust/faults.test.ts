// What a Rust program answers that ends badly, and what a small one costs.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { World } from "../hostcalls/world.ts";
import { folder, rustProgram } from "./rust-project.ts";
import { isRustTested, PREPARATION_MS, prepareRust } from "./toolchain.ts";

/** Line of `src/lib.rs` on which the body that a test gives begins. */
const FIRST = 6;

describe.skipIf(!isRustTested)("a Rust program", () => {
  let world: World;
  beforeAll(async () => {
    await prepareRust();
    world = await World.open();
  }, PREPARATION_MS);
  afterAll(() => world?.close());

  let count = 0;
  const faultOf = async (body: string, more = ""): Promise<string | null> => {
    const guest = await world.program(`rust-fault-${count++}`, rustProgram(body, more));
    return (await guest.ask("/12")).fault;
  };

  it("that panics is told by message, file, line and column", async () => {
    const fault = await faultOf('    panic!("no more {}", "cheese")');
    expect(fault).toContain("no more cheese");
    expect(fault).toContain(`src/lib.rs:${FIRST}:5`);
  });

  it("that unwraps nothing is told by file and line", async () => {
    const fault = await faultOf(
      "    let port = request.uri().port_u16().unwrap();\n    Response::new(port.to_string())",
    );
    expect(fault).toContain("called `Option::unwrap()` on a `None` value");
    expect(fault).toContain(`src/lib.rs:${FIRST}:`);
  });

  it("that reads beyond a slice is told index and length", async () => {
    const fault = await faultOf("    Response::new(request.body()[request.uri().path().len()].to_string())");
    expect(fault).toContain("index out of bounds: the len is 0 but the index is 3");
  });

  it("that asks the standard library for the time is told where there is a clock", async () => {
    const fault = await faultOf(
      '    let now = std::time::SystemTime::now();\n    Response::new(format!("{now:?}"))',
    );
    expect(fault).toContain("time not implemented on this platform");
    expect(fault).toContain("use Time::since_epoch() of http_guest");
  });

  it("that divides by zero is told so", async () => {
    const fault = await faultOf("    Response::new((1 / request.body().len()).to_string())");
    expect(fault).toContain("attempt to divide by zero");
  });

  const sumOf = async (body: string, more = ""): Promise<string> => {
    const guest = await world.program(`rust-stack-${count++}`, rustProgram(body, more));
    const answers = [await guest.ask("/12"), await guest.ask("/12")];
    expect(answers).toMatchObject([{ fault: null }, { fault: null }]);
    expect(answers[1]?.said).toBe(answers[0]?.said);
    return answers[0]?.said ?? "";
  };

  it("may have a buffer of 256 KiB on its stack, and memory from its allocator besides", async () => {
    const fill =
      "#[inline(never)]\nfn fill(n: u8) -> u64 {\n    let room = std::hint::black_box([n; 256 * 1024]);\n" +
      "    room.iter().map(|&byte| u64::from(byte)).sum()\n}\n";
    const body =
      "    let n = request.uri().path().len() as u8;\n    let first = fill(n);\n" +
      "    let kept = std::hint::black_box(vec![1u8; 700_000]);\n" +
      "    let sum: u64 = kept.iter().map(|&byte| u64::from(byte)).sum();\n" +
      "    Response::new((first + fill(n) + sum).to_string())";
    expect(await sumOf(body, fill)).toBe(String(2 * 3 * 256 * 1024 + 700_000));
  });

  it("may recurse through 800 KB of frames", async () => {
    const deep =
      "#[inline(never)]\nfn deep(n: u64) -> u64 {\n    let room = std::hint::black_box([n; 64]);\n" +
      "    if n == 0 { 0 } else { deep(n - 1) + room[5] }\n}\n";
    expect(await sumOf("    Response::new(deep(1500).to_string())", deep)).toBe(String((1500 * 1501) / 2));
  });

  it("that recurses without end over frames in memory is told of its stack", async () => {
    const deep =
      "fn deep(n: u64) -> u64 {\n    let room = " +
      "std::hint::black_box([n; 64]);\n    deep(room[3] + 1) + room[5]\n}\n";
    expect(await faultOf("    Response::new(deep(request.body().len() as u64).to_string())", deep)).toMatch(
      /stack overflow: arrays and other values/,
    );
  });

  it("that recurses without end over a small stack frame is told of its stack", async () => {
    const deep =
      "#[inline(never)]\nfn deep(n: u64) -> u64 {\n    " +
      "std::hint::black_box(if n == u64::MAX { 0 } else { deep(n + 1) + 1 })\n}\n";
    expect(await faultOf("    Response::new(deep(request.body().len() as u64).to_string())", deep)).toMatch(
      /stack/i,
    );
  });

  it("that allocates without end is told of its memory", async () => {
    const fault = await faultOf(
      "    let mut all: Vec<Vec<u8>> = Vec::new();\n    loop {\n        " +
        "all.push(vec![1; 1 << 20]);\n        std::hint::black_box(&all);\n    }",
    );
    expect(fault).toContain("out of memory");
  });

  it("wraps where a number overflows", async () => {
    const guest = await world.program(
      "rust-wraps",
      rustProgram(
        "    Response::new((request.uri().path().len() as " +
          "u8).wrapping_mul(0).wrapping_add(255).to_string() + &(u8::MAX - " +
          "request.body().len() as u8 + request.uri().path().len() as u8).to_string())",
      ),
    );
    expect(await guest.ask("/12")).toMatchObject({ fault: null, said: "2552" });
  });

  it("may return text, bytes, and results of them", async () => {
    const source = `use http_guest::{Request, Response, guest_app};
fn answer(request: &Request<Vec<u8>>) -> Result<Response<&'static str>, std::num::ParseIntError> {
    let number: u16 = request.uri().path()[1..].parse()?;
    Ok(Response::builder().status(number).body("fine").unwrap())
}
guest_app!(answer);
`;
    const guest = await world.program("rust-result", new Map([["src/lib.rs", Buffer.from(source)]]));
    expect(await guest.ask("/201")).toMatchObject({ fault: null, status: 201, said: "fine" });
    expect(await guest.ask("/x")).toMatchObject({
      fault: null,
      status: 500,
      said: "invalid digit found in string",
    });
  });

  it("of the empty template greets in 4 pages of memory that never grow", async () => {
    const files = await folder("templates/empty-rust");
    // The module could not even be loaded with more pages, nor grow beyond these.
    const guest = await world.program("empty-rust", files, 4);
    expect(
      await guest.ask("/somewhere?else", {
        headers: [
          ["accept", "*/*"],
          ["user-agent", "test"],
        ],
      }),
    ).toMatchObject({ fault: null, said: "Hello from Rust" });
  });
});
