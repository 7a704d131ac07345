(module
  (import "env" "hostcall_resp_set_header" (func $resp_set_header (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_resp_set_response_code" (func $resp_set_response_code (param i32 i32) (result i32)))
  ;; include prelude.wat
  ;; Names and values, then slices {pointer, length}.
  (data (i32.const 64) "bad name" "x-bad" "a\nb" "x-a" "X-A" "x-gone" "content-length"
    "transfer-encoding" "chunked" "connection" "close" "123")
  (data (i32.const 200) "\48\00\00\00\01\00\00\00")                          ;; "x" of x-bad, a single letter
  (data (i32.const 208) "\4d\00\00\00\03\00\00\00")                          ;; "a\nb"
  (data (i32.const 216) "\91\00\00\00\01\00\00\00\92\00\00\00\01\00\00\00")  ;; "1", "2"
  (data (i32.const 232) "\93\00\00\00\01\00\00\00")                          ;; "3"
  (data (i32.const 240) "\7b\00\00\00\07\00\00\00")                          ;; "chunked"
  (data (i32.const 248) "\8c\00\00\00\05\00\00\00")                          ;; "close"

  (func $set (param $response i32) (param $name i32) (param $len i32) (param $values i32) (param $count i32)
    (call $number
      (call $resp_set_header (local.get $response) (local.get $name) (local.get $len) (local.get $values)
        (local.get $count))))

  (func $code (param $response i32) (param $code i32)
    (call $number (call $resp_set_response_code (local.get $response) (local.get $code))))

  (func $body (param $response i32)
    (call $number (call $resp_set_body (local.get $response) (i32.const 60) (i32.const 4))))

  (func (export "run")
    (block $5 (block $4 (block $3 (block $2 (block $1 (block $default
      (br_table $default $1 $2 $3 $4 $5 $default (call $begin)))
              (call $code (i32.const 0) (i32.const 418))
              (call $set (i32.const 0) (i32.const 80) (i32.const 3) (i32.const 216) (i32.const 2))
              (call $body (i32.const 0))
              (call $finish)
              (return))
            (call $code (i32.const 0) (i32.const 0))
            (call $code (i32.const 0) (i32.const 1000))
            (call $set (i32.const 0) (i32.const 64) (i32.const 8) (i32.const 200) (i32.const 1))
            (call $set (i32.const 0) (i32.const 72) (i32.const 5) (i32.const 208) (i32.const 1))
            (call $finish)
            (return))
          (return))
        (call $code (i32.const 99) (i32.const 404))
        (call $set (i32.const 99) (i32.const 80) (i32.const 3) (i32.const 200) (i32.const 1))
        (call $body (i32.const 99))
        (call $finish)
        (return))
      (call $set (i32.const 0) (i32.const 92) (i32.const 14) (i32.const 216) (i32.const 1))
      (call $set (i32.const 0) (i32.const 106) (i32.const 17) (i32.const 240) (i32.const 1))
      (call $set (i32.const 0) (i32.const 130) (i32.const 10) (i32.const 248) (i32.const 1))
      (call $finish)
      (return))
    (call $set (i32.const 0) (i32.const 80) (i32.const 3) (i32.const 216) (i32.const 2))
    (call $set (i32.const 0) (i32.const 83) (i32.const 3) (i32.const 232) (i32.const 1))
    (call $set (i32.const 0) (i32.const 86) (i32.const 6) (i32.const 216) (i32.const 1))
    (call $set (i32.const 0) (i32.const 86) (i32.const 6) (i32.const 0) (i32.const 0))
    (call $finish)))
