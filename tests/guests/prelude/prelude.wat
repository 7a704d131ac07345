  ;; What all WAT guests share: they say words, each followed by a space, and the words become the response's
  ;; body. The second byte of the path chooses what a guest does. Memory: 0..63 cells where hostcalls write,
  ;; 64..4095 the guest's own data, 4096.. the words, 65536.. the heap.
  (import "env" "hostcall_init_mm" (func $init_mm (param i32 i32)))
  (import "env" "hostcall_req_get_path" (func $req_get_path (param i32 i32 i32)))
  (import "env" "hostcall_resp_set_body" (func $resp_set_body (param i32 i32 i32) (result i32)))
  (memory 4)
  (table 2 funcref)
  (elem (i32.const 0) $malloc $free)
  (global $heap (mut i32) (i32.const 65536))
  (global $said (mut i32) (i32.const 4096))
  (data (i32.const 60) "null")

  (func $malloc (param $size i32) (result i32)
    (global.get $heap)
    (global.set $heap (i32.and (i32.add (i32.add (global.get $heap) (local.get $size)) (i32.const 7))
      (i32.const -8))))

  (func $free (param i32))

  (func $byte (param $byte i32)
    (i32.store8 (global.get $said) (local.get $byte))
    (global.set $said (i32.add (global.get $said) (i32.const 1))))

  (func $bytes (param $ptr i32) (param $len i32)
    (memory.copy (global.get $said) (local.get $ptr) (local.get $len))
    (global.set $said (i32.add (global.get $said) (local.get $len))))

  (func $text (param $ptr i32) (param $len i32)
    (call $bytes (local.get $ptr) (local.get $len))
    (call $byte (i32.const 32)))

  (func $digits (param $value i64)
    (if (i64.ge_u (local.get $value) (i64.const 10))
      (then (call $digits (i64.div_u (local.get $value) (i64.const 10)))))
    (call $byte (i32.add (i32.const 48) (i32.wrap_i64 (i64.rem_u (local.get $value) (i64.const 10))))))

  (func $long (param $value i64)
    (if (i64.lt_s (local.get $value) (i64.const 0))
      (then
        (call $byte (i32.const 45))
        (local.set $value (i64.sub (i64.const 0) (local.get $value)))))
    (call $digits (local.get $value))
    (call $byte (i32.const 32)))

  (func $number (param $value i32)
    (call $long (i64.extend_i32_s (local.get $value))))

  ;; Bytes that the last hostcall wrote to the cells 0 and 4: says "null" for a null pointer.
  (func $value
    (if (i32.load (i32.const 0))
      (then (call $text (i32.load (i32.const 0)) (i32.load (i32.const 4))))
      (else (call $text (i32.const 60) (i32.const 4)))))

  ;; A list that the last hostcall wrote to the cells 0 and 4: elements joined by '|'.
  (func $list (local $slice i32) (local $end i32)
    (local.set $slice (i32.load (i32.const 0)))
    (local.set $end (i32.add (local.get $slice) (i32.shl (i32.load (i32.const 4)) (i32.const 3))))
    (if (i32.eqz (local.get $slice))
      (then (call $text (i32.const 60) (i32.const 4)) (return)))
    (loop $next
      (call $bytes (i32.load (local.get $slice)) (i32.load offset=4 (local.get $slice)))
      (local.set $slice (i32.add (local.get $slice) (i32.const 8)))
      (if (i32.lt_u (local.get $slice) (local.get $end))
        (then (call $byte (i32.const 124)) (br $next))))
    (call $byte (i32.const 32)))

  ;; The digit behind the path's slash, or something else.
  (func $begin (result i32)
    (call $init_mm (i32.const 0) (i32.const 1))
    (call $req_get_path (i32.const 0) (i32.const 4) (i32.const 0))
    (i32.sub (i32.load8_u offset=1 (i32.load (i32.const 0))) (i32.const 48)))

  (func $finish
    (drop (call $resp_set_body (i32.const 0) (i32.const 4096) (i32.sub (global.get $said) (i32.const 4096)))))
