(module
  (import "env" "hostcall_req_get_header" (func $req_get_header (param i32 i32 i32 i32 i32)))
  (import "env" "hostcall_req_create" (func $req_create (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_req_send_async" (func $req_send_async (param i32) (result i32)))
  (import "env" "hostcall_pending_req_wait" (func $wait (param i32) (result i32)))
  (import "env" "hostcall_pending_req_poll" (func $poll (param i32) (result i32)))
  (import "env" "hostcall_pending_req_select" (func $select (param i32 i32 i32) (result i32)))
  (import "env" "hostcall_resp_get_body" (func $resp_get_body (param i32 i32 i32)))
  ;; include prelude.wat
  (data (i32.const 100) "x-url")
  (data (i32.const 110) "GET")
  (data (i32.const 120) "/held")
  (data (i32.const 130) "/fast")
  (data (i32.const 140) "/release")
  (data (i32.const 150) "/one")
  (data (i32.const 160) "/two")

  ;; Writes the origin's URL and a path behind each other at 300 and sends a request there.
  (func $send_to (param $path i32) (param $len i32) (result i32) (local $url i32)
    (call $req_get_header (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 100) (i32.const 5))
    (local.set $url (i32.load (i32.const 0)))
    (memory.copy (i32.const 300) (i32.load (local.get $url)) (i32.load offset=4 (local.get $url)))
    (memory.copy (i32.add (i32.const 300) (i32.load offset=4 (local.get $url))) (local.get $path)
      (local.get $len))
    (call $req_send_async
      (call $req_create (i32.const 110) (i32.const 3) (i32.const 300) (i32.add (i32.load offset=4
        (local.get $url)) (local.get $len)))))

  (func $body_of (param $response i32)
    (call $resp_get_body (i32.const 0) (i32.const 4) (local.get $response))
    (call $value))

  (func $release
    (drop (call $wait (call $send_to (i32.const 140) (i32.const 8)))))

  (func $two (local $first i32) (local $second i32)
    (local.set $first (call $send_to (i32.const 150) (i32.const 4)))
    (local.set $second (call $send_to (i32.const 160) (i32.const 4)))
    (call $body_of (call $wait (local.get $second)))
    (call $body_of (call $wait (local.get $first))))

  (func $poll_until_ready (local $pending i32) (local $response i32)
    (local.set $pending (call $send_to (i32.const 120) (i32.const 5)))
    (call $number (call $poll (local.get $pending)))
    (call $release)
    (loop $again
      (local.set $response (call $poll (local.get $pending)))
      (br_if $again (i32.eq (local.get $response) (i32.const -2))))
    (call $body_of (local.get $response))
    (call $number (call $poll (local.get $pending))))

  ;; Waits for the first of two requests, lets the origin answer the other, and waits for that too. Handles at
  ;; 500 and 504.
  (func $pick (local $response i32)
    (i32.store (i32.const 500) (call $send_to (i32.const 120) (i32.const 5)))
    (i32.store (i32.const 504) (call $send_to (i32.const 130) (i32.const 5)))
    (local.set $response (call $select (i32.const 500) (i32.const 2) (i32.const 508)))
    (call $number (i32.eq (i32.load (i32.const 508)) (i32.load (i32.const 504))))
    (call $body_of (local.get $response))
    (call $number (call $wait (i32.load (i32.const 508))))
    (call $release)
    (call $body_of (call $wait (i32.load (i32.const 500)))))

  (func $stale
    (i32.store (i32.const 500) (call $send_to (i32.const 130) (i32.const 5)))
    (call $number (i32.gt_s (call $wait (i32.load (i32.const 500))) (i32.const 0)))
    (call $number (call $wait (i32.load (i32.const 500))))
    (call $number (call $poll (i32.load (i32.const 500))))
    (call $number (call $select (i32.const 500) (i32.const 1) (i32.const 508)))
    (call $number (call $wait (i32.const 99)))
    (call $number (call $poll (i32.const 99))))

  (func $failing
    (i32.store (i32.const 500) (call $send_to (i32.const 120) (i32.const 1)))
    (call $number (call $select (i32.const 500) (i32.const 1) (i32.const 508)))
    (call $number (i32.eq (i32.load (i32.const 508)) (i32.load (i32.const 500))))
    (call $number (call $wait (i32.load (i32.const 500))))
    (call $number (call $wait (call $send_to (i32.const 120) (i32.const 1)))))

  (func $nothing
    (call $number (call $select (i32.const 0) (i32.const 0) (i32.const 508)))
    (call $number (call $req_send_async (i32.const 0)))
    (call $number (call $req_send_async (i32.const 99))))

  (type $case (func))
  (table $cases funcref (elem $two $poll_until_ready $pick $stale $failing $nothing))

  (func (export "run") (local $case i32)
    (local.set $case (call $begin))
    (if (i32.gt_u (local.get $case) (i32.const 5))
      (then (local.set $case (i32.const 0))))
    (call_indirect $cases (type $case) (local.get $case))
    (call $finish)))
