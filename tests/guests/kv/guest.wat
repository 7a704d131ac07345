(module
  (import "env" "hostcall_kvstore_insert" (func $insert (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_upsert" (func $upsert (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_append" (func $append (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_compare_and_set"
    (func $compare_and_set (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_increment" (func $increment (param i32 i32 i32 i64) (result i32)))
  (import "env" "hostcall_kvstore_get" (func $kvstore_get (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_remove" (func $remove (param i32 i32) (result i32)))
  ;; include prelude.wat
  (data (i32.const 100) "abcde")
  (data (i32.const 110) "k")
  (data (i32.const 120) "empty")
  (data (i32.const 130) "kept")
  (data (i32.const 140) "from before")

  (data (i32.const 160) "cas")
  (data (i32.const 170) "gone")
  (data (i32.const 180) "sum")

  (func $get (param $key i32) (param $len i32)
    (i32.store (i32.const 4) (i32.const 77))
    (call $number (call $kvstore_get (i32.const 0) (i32.const 4) (local.get $key) (local.get $len)))
    (call $number (i32.load (i32.const 4)))
    (call $value))

  ;; Writes `len` bytes from address 101 on, if the value of "cas" is the byte at `expected`.
  (func $set (param $expected i32) (param $len i32)
    (call $number (call $compare_and_set (i32.const 160) (i32.const 3) (local.get $expected) (i32.const 1)
      (i32.const 101) (local.get $len))))

  (func $compare
    (call $number (call $insert (i32.const 160) (i32.const 3) (i32.const 100) (i32.const 1)))
    (call $set (i32.const 103) (i32.const 1))
    (call $set (i32.const 100) (i32.const 2))
    (call $get (i32.const 160) (i32.const 3))
    (call $number (call $compare_and_set (i32.const 170) (i32.const 4) (i32.const -1) (i32.const 0)
      (i32.const 101) (i32.const 1))))

  (func $add (param $delta i64)
    (i64.store (i32.const 8) (i64.const 77))
    (call $number (call $increment (i32.const 8) (i32.const 180) (i32.const 3) (local.get $delta)))
    (call $long (i64.load (i32.const 8))))

  (func $count
    (call $add (i64.const 5))
    (call $add (i64.const -12))
    (call $number (call $increment (i32.const 0) (i32.const 180) (i32.const 3) (i64.const 1)))
    (call $get (i32.const 180) (i32.const 3))
    (call $number (call $insert (i32.const 180) (i32.const 3) (i32.const 100) (i32.const 1)))
    (call $add (i64.const 1)))

  (func (export "run")
    (block $4
    (block $3
    (block $2
      (block $1
        (block $default
          (br_table $default $1 $2 $3 $4 $default (call $begin)))
        (call $number (call $upsert (i32.const 110) (i32.const 1) (i32.const 100) (i32.const 1)))
        (call $number (call $upsert (i32.const 110) (i32.const 1) (i32.const 101) (i32.const 1)))
        (call $get (i32.const 110) (i32.const 1))
        (call $number (call $append (i32.const 110) (i32.const 1) (i32.const 102) (i32.const 1)))
        (call $get (i32.const 110) (i32.const 1))
        (call $number (call $insert (i32.const 110) (i32.const 1) (i32.const 103) (i32.const 1)))
        (call $get (i32.const 110) (i32.const 1))
        (call $number (call $remove (i32.const 110) (i32.const 1)))
        (call $number (call $remove (i32.const 110) (i32.const 1)))
        (call $get (i32.const 110) (i32.const 1))
        (call $number (call $append (i32.const 110) (i32.const 1) (i32.const 104) (i32.const 1)))
        (call $number (call $insert (i32.const 120) (i32.const 5) (i32.const -1) (i32.const 0)))
        (call $get (i32.const 120) (i32.const 5))
        (call $finish)
        (return))
      (call $number (call $insert (i32.const 130) (i32.const 4) (i32.const 140) (i32.const 11)))
      (call $finish)
      (return))
    (call $get (i32.const 130) (i32.const 4))
    (call $finish)
    (return))
    (call $compare)
    (call $finish)
    (return))
    (call $count)
    (call $finish)))
