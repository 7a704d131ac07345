(module
  (import "env" "hostcall_req_get_method" (func $req_get_method (param i32 i32 i32)))
  (import "env" "hostcall_req_create" (func $req_create (param i32 i32 i32 i32) (result i32)))
  ;; include prelude.wat
  (data (i32.const 64) "GET" "http://example.com/")

  (func (export "run")
    (block $2
      (block $1
        (block $default
          (br_table $default $1 $2 $default (call $begin)))
        (call $req_get_method (i32.const 0) (i32.const 4) (i32.const 0))
        (call $value)
        (call $req_get_path (i32.const 0) (i32.const 4) (i32.const 0))
        (call $value)
        (call $finish)
        (return))
      (call $req_get_method (i32.const 0) (i32.const 4) (i32.const 99))
      (return))
    (call $req_get_path (i32.const 0) (i32.const 4)
      (call $req_create (i32.const 64) (i32.const 3) (i32.const 67) (i32.const 19)))))
