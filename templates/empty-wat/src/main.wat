(module
  ;; What the program asks of the platform.
  (import "env" "hostcall_init_mm" (func $init_mm (param $malloc_fn i32) (param $free_fn i32)))
  (import "env" "hostcall_req_get_path" (func $req_get_path (param $path_out i32) (param $path_len_out i32)
    (param $req i32)))
  (import "env" "hostcall_resp_set_header"
    (func $resp_set_header (param $resp i32) (param $name_ptr i32) (param $name_len i32)
      (param $values_ptr i32) (param $values_count i32) (result i32)))
  (import "env" "hostcall_resp_set_body" (func $resp_set_body (param $resp i32) (param $body_ptr i32)
    (param $body_len i32) (result i32)))

  ;; 0: where the platform writes the path's address and length. 16: text. 128: a slice {address, length} of
  ;; the text "text/plain". 1024: the body. 65536: memory for the platform.
  (memory 2)
  (data (i32.const 16) "content-type" "text/plain" "Hello from ")
  (data (i32.const 128) "\1c\00\00\00\0a\00\00\00")

  ;; An allocator that never frees: an instance lives for one request.
  (table 2 funcref)
  (elem (i32.const 0) $malloc $free)
  (global $heap (mut i32) (i32.const 65536))

  (func $malloc (param $size i32) (result i32) (local $block i32)
    (local.set $block (global.get $heap))
    (global.set $heap (i32.and (i32.add (i32.add (local.get $block) (local.get $size)) (i32.const 7))
      (i32.const -8)))
    (local.get $block))

  (func $free (param $block i32))

  ;; Appends bytes at an address and gives the address behind them.
  (func $append (param $at i32) (param $from i32) (param $len i32) (result i32)
    (memory.copy (local.get $at) (local.get $from) (local.get $len))
    (i32.add (local.get $at) (local.get $len)))

  ;; Runs once per request: answers "Hello from <path>".
  (func (export "run") (local $end i32)
    (call $init_mm (i32.const 0) (i32.const 1))
    (call $req_get_path (i32.const 0) (i32.const 4) (i32.const 0))
    (local.set $end (call $append (i32.const 1024) (i32.const 38) (i32.const 11)))
    (local.set $end (call $append (local.get $end) (i32.load (i32.const 0)) (i32.load (i32.const 4))))
    (i32.store8 (local.get $end) (i32.const 10))
    (local.set $end (i32.add (local.get $end) (i32.const 1)))
    (drop (call $resp_set_header (i32.const 0) (i32.const 16) (i32.const 12) (i32.const 128) (i32.const 1)))
    (drop (call $resp_set_body (i32.const 0) (i32.const 1024) (i32.sub (local.get $end) (i32.const 1024))))))
