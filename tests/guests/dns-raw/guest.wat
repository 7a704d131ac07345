(module
  (import "env" "hostcall_dns_query_raw" (func $dns_query_raw (param i32 i32 i32 i32) (result i32)))
  ;; include prelude.wat
  (data (i32.const 100) "\12\34\01\00\00\01\00\00\00\00\00\00\01a\04test\00\00\01\00\01")
  (data (i32.const 200) "\12\34\01\00\00\01\00\00\00\00\00\00\01b\04test\00\00\01\00\01")

  ;; Says the result, the answer's length, transaction id, response code, and its last four bytes.
  (func $query (param $message i32) (param $len i32) (local $answer i32) (local $end i32)
    (i32.store (i32.const 4) (i32.const 77))
    (call $number (call $dns_query_raw (i32.const 0) (i32.const 4) (local.get $message) (local.get $len)))
    (call $number (i32.load (i32.const 4)))
    (local.set $answer (i32.load (i32.const 0)))
    (if (i32.eqz (local.get $answer))
      (then (return)))
    (call $number (i32.or (i32.shl (i32.load8_u (local.get $answer)) (i32.const 8)) (i32.load8_u offset=1
      (local.get $answer))))
    (call $number (i32.and (i32.load8_u offset=3 (local.get $answer)) (i32.const 15)))
    (local.set $end (i32.add (local.get $answer) (i32.load (i32.const 4))))
    (call $number (i32.load8_u (i32.sub (local.get $end) (i32.const 4))))
    (call $number (i32.load8_u (i32.sub (local.get $end) (i32.const 3))))
    (call $number (i32.load8_u (i32.sub (local.get $end) (i32.const 2))))
    (call $number (i32.load8_u (i32.sub (local.get $end) (i32.const 1)))))

  (func (export "run")
    (block $2
      (block $1
        (block $default
          (br_table $default $1 $2 $default (call $begin)))
        (call $query (i32.const 100) (i32.const 24))
        (call $finish)
        (return))
      (call $query (i32.const 200) (i32.const 24))
      (call $finish)
      (return))
    (call $query (i32.const 100) (i32.const 3))
    (call $finish)))
