// A program whose answer names its request, and which faults where the path asks for it.
import type { Sources } from "./programs.ts";

/** What the letter after the slash makes the program do. Any other letter: answer with path and body. */
export const FAULTS = {
  u: "The program trapped: unreachable code was reached",
  d: "The program trapped: division by zero",
  o: "The program trapped: out-of-bounds access of memory",
  s: "The program trapped: stack overflow",
} as const;

/** The program: path and body, one after the other; `/p…` panics with its path. */
export const ECHO: Sources = {
  "src/main.wat": `(module
    (import "env" "hostcall_init_mm" (func $init (param i32 i32)))
    (import "env" "hostcall_req_get_path" (func $path (param i32 i32 i32)))
    (import "env" "hostcall_req_get_body" (func $body (param i32 i32 i32)))
    (import "env" "hostcall_resp_set_body" (func $answer (param i32 i32 i32) (result i32)))
    (import "env" "hostcall_panic_hook" (func $panic (param i32 i32)))
    (memory 4)
    (table funcref (elem $malloc $free))
    (global $heap (mut i32) (i32.const 1024))
    (global $answers (mut i32) (i32.const 0))
    (func $malloc (param $size i32) (result i32)
      (global.get $heap)
      (global.set $heap (i32.and (i32.add (i32.add (global.get $heap) (local.get $size)) (i32.const 15))
        (i32.const -16))))
    (func $free (param i32))
    (func $deeper (param i64) (result i64) (i64.add (call $deeper (i64.add (local.get 0) (i64.const 1)))
      (local.get 0)))
    (func (export "run") (local $letter i32) (local $at i32)
      ;; State that outlived its request would show in the answer.
      (if (global.get $answers) (then (call $panic (i32.const 0) (i32.const 0))))
      (global.set $answers (i32.const 1))
      (call $init (i32.const 0) (i32.const 1))
      (call $path (i32.const 0) (i32.const 4) (i32.const 0))
      (call $body (i32.const 8) (i32.const 12) (i32.const 0))
      (local.set $letter (i32.load8_u offset=1 (i32.load (i32.const 0))))
      (if (i32.eq (local.get $letter) (i32.const 117)) (then unreachable))
      (if (i32.eq (local.get $letter) (i32.const 100)) (then (drop (i32.div_u (i32.const 1) (i32.load
        (i32.const 16))))))
      (if (i32.eq (local.get $letter) (i32.const 111)) (then (drop (i32.load (i32.const -16)))))
      (if (i32.eq (local.get $letter) (i32.const 115)) (then (drop (call $deeper (i64.const 0)))))
      (if (i32.eq (local.get $letter) (i32.const 112)) (then (call $panic (i32.load (i32.const 0)) (i32.load
        (i32.const 4)))))
      (local.set $at (call $malloc (i32.add (i32.load (i32.const 4)) (i32.load (i32.const 12)))))
      (memory.copy (local.get $at) (i32.load (i32.const 0)) (i32.load (i32.const 4)))
      (memory.copy (i32.add (local.get $at) (i32.load (i32.const 4))) (i32.load (i32.const 8)) (i32.load
        (i32.const 12)))
      (drop (call $answer (i32.const 0) (local.get $at) (i32.add (i32.load (i32.const 4)) (i32.load
        (i32.const 12)))))))`,
};
