// Programs that want to hold the machine, each in its own way, and what ends them.

/** A program in WAT and the text of the fault that its client must get. */
export interface Hostile {
  readonly wat: string;
  readonly fault: RegExp;
}

const CPU = /^The program exceeded its limit of CPU time: used \d+ ms, the limit is 100 ms/;
const RUN = '(func (export "run") (call $go))';

function hostile(fields: string, fault = CPU): Hostile {
  return { wat: `(module ${fields})`, fault };
}

const DOUBLING = Array.from(
  { length: 60 },
  (_, level) => `(func $d${level} (call $d${level + 1}) (call $d${level + 1}))`,
).join(" ");

/** An allocator for hostcalls, the body of whose `malloc` is given. */
const allocator = (malloc: string): string => `
  (import "env" "hostcall_init_mm" (func $init_mm (param i32 i32)))
  (import "env" "hostcall_req_get_path" (func $get_path (param i32 i32 i32)))
  (memory 1) (table 2 funcref) (elem (i32.const 0) $malloc $free)
  (func $malloc (param i32) (result i32) ${malloc}) (func $free (param i32))`;

/** By what they do. */
export const CORPUS: Readonly<Record<string, Hostile>> = {
  loops: hostile('(func (export "run") (loop $l (br $l)))'),
  "loops and computes": hostile(
    '(memory 1) (func (export "run") (local $i i32) (loop $l (i32.store (i32.and (local.tee $i ' +
      "(i32.add (local.get $i) (i32.const 4))) (i32.const 0xfffc)) (local.get $i)) (br $l)))",
  ),
  "loops by br_table": hostile(
    '(func (export "run") (local $i i32) (loop $l (block $b (br_table $l $l $b (local.get $i)))))',
  ),
  "recurses mutually without end of time":
    hostile(`(func $a (param i32) (if (local.get 0) (then (call $b (local.get 0)) (call $b (local.get 0)))))
    (func $b (param i32) (call $a (i32.sub (local.get 0) (i32.const 1)))) (func (export "run") (call $a
      (i32.const 64)))`),
  "recurses through a table": hostile(`(table funcref (elem $a)) (type $t (func (param i32)))
    (func $a (param i32) (if (local.get 0) (then (call_indirect (type $t) (i32.sub (local.get 0)
      (i32.const 1)) (i32.const 0)) (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1))
      (i32.const 0)))))
    (func (export "run") (call $a (i32.const 64)))`),
  "loops by tail calls": hostile(
    '(func $a (return_call $b)) (func $b (return_call $a)) (func (export "run") (call $a))',
  ),
  "throws and catches forever": hostile(
    '(tag $t) (func (export "run") (loop $l try (throw $t) catch_all end (br $l)))',
  ),
  "catches whatever would end it": hostile(
    '(tag $t) (func (export "run") (loop $l try (loop $i (br $i)) catch_all end (br $l)))',
  ),
  "recurses beyond its stack": hostile(
    `(func $go (call $go) (call $go)) ${RUN}`,
    /^The program trapped: stack overflow/,
  ),
  "doubles its calls without a cycle": hostile(`${DOUBLING} (func $d60) (func (export "run") (call $d0))`),
  "fills all memory again and again": hostile(
    '(memory 1024) (func (export "run") (loop $l (memory.fill ' +
      "(i32.const 0) (i32.const 7) (i32.const 67108864)) (br $l)))",
  ),
  "copies half its memory again and again": hostile(
    '(memory 1024) (func (export "run") (loop $l (memory.copy ' +
      "(i32.const 0) (i32.const 33554432) (i32.const 33554432)) (br $l)))",
  ),
  "copies a large table again and again": hostile(
    '(table 10000 funcref) (func (export "run") (loop $l (table.copy ' +
      "(i32.const 0) (i32.const 1) (i32.const 9999)) (br $l)))",
  ),
  "loops in the malloc that a hostcall calls": hostile(`${allocator("(loop $l (br $l)) (i32.const 64)")}
    (func (export "run") (call $init_mm (i32.const 0) (i32.const 1)) (call $get_path (i32.const 0)
      (i32.const 4) (i32.const 0)))`),
  "asks the time forever": hostile(
    '(import "env" "hostcall_time_now" (func $now (param i32) (result i64))) ' +
      '(func (export "run") (loop $l (drop (call $now (i32.const 0))) (br $l)))',
  ),
  "grows its memory until it can no more": hostile(
    '(memory 1) (func (export "run") (loop $l (br_if $l (i32.ne ' +
      "(memory.grow (i32.const 16)) (i32.const -1)))) unreachable)",
    /^The program trapped: unreachable code was reached; before that, its memory limit was reached: used 63\.1 MiB, requested 1 MiB more, limit 64 MiB/,
  ),
  "opens requests without end": hostile(
    `(import "env" "hostcall_req_create" (func $create (param i32 i32 i32 i32) (result i32))) (memory 1) (data
      (i32.const 0) "GET") (data (i32.const 16) "http://a.test/")
    (func (export "run") (loop $l (drop (call $create (i32.const 0) (i32.const 3) (i32.const 16)
      (i32.const 14))) (br $l)))`,
    /^The program exceeded its limit of .*handles/,
  ),
};

/** A program that wants nothing but to answer. */
export const NEIGHBOUR = `(module (import "env" "hostcall_resp_set_body" (func $body (param i32 i32 i32)
  (result i32)))
  (memory 1) (data (i32.const 0) "well") (func (export "run") (drop (call $body (i32.const 0) (i32.const 0)
    (i32.const 4)))))`;
