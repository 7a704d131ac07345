(module
  (import "env" "hostcall_req_get_headers" (func $req_get_headers (param i32 i32 i32)))
  (import "env" "hostcall_req_get_header" (func $req_get_header (param i32 i32 i32 i32 i32)))
  (import "env" "hostcall_req_create" (func $req_create (param i32 i32 i32 i32) (result i32)))
  ;; include prelude.wat
  (data (i32.const 64) "GET" "http://example.com/")
  (data (i32.const 100) "host" "X-maNY" "x-empty" "x-absent")

  (func (export "run")
    (block $2
      (block $1
        (block $default
          (br_table $default $1 $2 $default (call $begin)))
        (call $req_get_headers (i32.const 0) (i32.const 4) (i32.const 0))
        (call $list)
        (call $req_get_header (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 104) (i32.const 6))
        (call $list)
        (call $req_get_header (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 110) (i32.const 7))
        (call $number (i32.load (i32.const 4)))
        (call $number (i32.ne (i32.load (i32.load (i32.const 0))) (i32.const 0)))
        (call $number (i32.load offset=4 (i32.load (i32.const 0))))
        (i32.store (i32.const 4) (i32.const 77))
        (call $req_get_header (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 117) (i32.const 8))
        (call $list)
        (call $number (i32.load (i32.const 4)))
        (call $finish)
        (return))
      (call $req_get_headers (i32.const 0) (i32.const 4) (i32.const 99))
      (return))
    (call $req_get_header (i32.const 0) (i32.const 4)
      (call $req_create (i32.const 64) (i32.const 3) (i32.const 67) (i32.const 19)) (i32.const 100)
        (i32.const 4))))
