;; The program that an edge and workerd run for bench/rivals.ts: one call, five bytes.
(module
  (import "env" "hostcall_resp_set_body" (func $body (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "Hello")
  (func (export "run") (drop (call $body (i32.const 0) (i32.const 0) (i32.const 5)))))
