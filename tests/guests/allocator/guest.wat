(module
  (import "env" "hostcall_req_get_method" (func $req_get_method (param i32 i32 i32)))
  (import "env" "hostcall_req_get_header" (func $req_get_header (param i32 i32 i32 i32 i32)))
  ;; include prelude.wat
  (data (i32.const 100) "x-empty")
  (table $watching 1 funcref)
  (elem (table $watching) (i32.const 0) func $watching_malloc)
  (global $smallest (mut i32) (i32.const 99))

  (func $watching_malloc (param $size i32) (result i32)
    (if (i32.lt_u (local.get $size) (global.get $smallest))
      (then (global.set $smallest (local.get $size))))
    (call $malloc (local.get $size)))

  ;; Counts the zero bytes among the 16 behind what the host wrote.
  (func $zeros (local $at i32) (local $end i32) (local $zeros i32)
    (call $req_get_method (i32.const 0) (i32.const 4) (i32.const 0))
    (local.set $at (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 4))))
    (local.set $end (i32.add (local.get $at) (i32.const 16)))
    (loop $next
      (local.set $zeros (i32.add (local.get $zeros) (i32.eqz (i32.load8_u (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (call $number (local.get $zeros)))

  (func (export "run")
    (block $2
      (block $1
        (block $default
          (br_table $default $1 $2 $default (call $begin)))
        (call $zeros)
        (call $finish)
        (return))
      (call $init_mm (i32.const 9999) (i32.const 1))
      (call $req_get_method (i32.const 0) (i32.const 4) (i32.const 0))
      (return))
    (table.set 0 (i32.const 0) (table.get $watching (i32.const 0)))
    (call $init_mm (i32.const 0) (i32.const 1))
    (call $req_get_header (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 100) (i32.const 7))
    (call $number (i32.gt_u (global.get $smallest) (i32.const 0)))
    (call $finish)))
