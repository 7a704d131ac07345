import { describe, expect, it } from "vitest";
import { instantiateRewritten, program, rewrite } from "../testing/fixtures.ts";

const IMPORTED = `(import "env" "log" (func $log (param i32)))
  (import "env" "memory" (memory 2 9)) (import "env" "__indirect_function_table" (table $t 3 funcref))
  (table $own 1 externref) (data (i32.const 8) "\\07") (elem (i32.const 1) $seven)
  (func $seven (result i32) (i32.load8_u (i32.const 8)))
  (func (export "called") (result i32) (call $log (memory.size)) (call_indirect (result i32) (i32.const 1)))
  (func (export "sizes") (result i32)
    (i32.add (i32.mul (table.size $t) (i32.const 10)) (table.size $own)))`;

describe("a memory and a table that a module imports", () => {
  it("are its own: memory of the declared size, and a table of the declared size", () => {
    const rewritten = rewrite(program(IMPORTED), { maxMemoryPages: 4 });
    expect(rewritten.layout.memory).toEqual({ initialPages: 2, maximumPages: 4 });
    expect(rewritten.layout.table).toMatchObject({ initial: 3 });
    expect(rewritten.layout.hostImports.map(({ name }) => name)).toEqual(["log"]);
    const guest = instantiateRewritten(rewritten);
    expect([guest.call("called"), guest.log, guest.call("sizes")]).toEqual([7, [2], 31]);
  });

  it("are within the limits, like those that a module defines", () => {
    expect(() => rewrite(program(IMPORTED), { maxMemoryPages: 1 })).toThrow("memory");
    expect(() => rewrite(program(IMPORTED), { maxTableEntries: 2 })).toThrow("table");
  });
});
