;; The smallest program for Viceroy's ABI: a response with five bytes.
(module
  (import "fastly_http_body" "new" (func $new_body (param i32) (result i32)))
  (import "fastly_http_body" "write" (func $write (param i32 i32 i32 i32 i32) (result i32)))
  (import "fastly_http_resp" "new" (func $new_response (param i32) (result i32)))
  (import "fastly_http_resp" "send_downstream" (func $send (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "Hello")
  (func (export "_start")
    (drop (call $new_body (i32.const 0)))
    (drop (call $new_response (i32.const 4)))
    ;; body, bytes, length, at the back, where to write how many were taken
    (drop (call $write (i32.load (i32.const 0)) (i32.const 64) (i32.const 5) (i32.const 0) (i32.const 8)))
    (drop (call $send (i32.load (i32.const 4)) (i32.load (i32.const 0)) (i32.const 0)))))
