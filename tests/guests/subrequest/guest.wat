(module
  (import "env" "hostcall_req_get_header" (func $req_get_header (param i32 i32 i32 i32 i32)))
  (import "env" "hostcall_req_create" (func $req_create (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_req_set_header" (func $req_set_header (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_req_set_body" (func $req_set_body (param i32 i32 i32) (result i32)))
  (import "env" "hostcall_req_send" (func $req_send (param i32) (result i32)))
  (import "env" "hostcall_resp_get_response_code" (func $resp_get_response_code (param i32) (result i32)))
  (import "env" "hostcall_resp_get_headers" (func $resp_get_headers (param i32 i32 i32)))
  (import "env" "hostcall_resp_get_header" (func $resp_get_header (param i32 i32 i32 i32 i32)))
  (import "env" "hostcall_resp_get_body" (func $resp_get_body (param i32 i32 i32)))
  (import "env" "hostcall_resp_set_header" (func $resp_set_header (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_resp_set_response_code" (func $resp_set_response_code (param i32 i32) (result i32)))
  ;; include prelude.wat
  (data (i32.const 100) "x-url")
  (data (i32.const 110) "GET")
  (data (i32.const 120) "POST")
  (data (i32.const 130) "x-test")
  (data (i32.const 140) "ab")
  (data (i32.const 150) "ping")
  (data (i32.const 160) "X-Reply")
  (data (i32.const 170) "x-absent")
  (data (i32.const 180) "nonsense")
  (data (i32.const 190) "GE T")
  (data (i32.const 200) "http://example.com/")
  (data (i32.const 220) "x-a")
  (data (i32.const 230) "bad name")
  (data (i32.const 240) "a\nb")
  (data (i32.const 256) "\8c\00\00\00\01\00\00\00\8d\00\00\00\01\00\00\00")  ;; "a", "b"
  (data (i32.const 272) "\f0\00\00\00\03\00\00\00")                          ;; "a\nb"

  (func $to_origin (param $method i32) (param $len i32) (result i32) (local $url i32)
    (call $req_get_header (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 100) (i32.const 5))
    (local.set $url (i32.load (i32.const 0)))
    (call $req_create (local.get $method) (local.get $len) (i32.load (local.get $url)) (i32.load offset=4
      (local.get $url))))

  (func $set (param $request i32) (param $name i32) (param $len i32) (param $values i32) (param $count i32)
    (call $number
      (call $req_set_header (local.get $request) (local.get $name) (local.get $len) (local.get $values)
        (local.get $count))))

  (func $set_body (param $request i32)
    (call $number (call $req_set_body (local.get $request) (i32.const 150) (i32.const 4))))

  (func $get (param $response i32) (param $name i32) (param $len i32)
    (call $resp_get_header (i32.const 0) (i32.const 4) (local.get $response) (local.get $name)
      (local.get $len)))

  (func $exchange (local $request i32) (local $response i32)
    (local.set $request (call $to_origin (i32.const 120) (i32.const 4)))
    (call $set (local.get $request) (i32.const 130) (i32.const 6) (i32.const 256) (i32.const 2))
    (call $set_body (local.get $request))
    (local.set $response (call $req_send (local.get $request)))
    (call $number (call $resp_get_response_code (local.get $response)))
    (call $get (local.get $response) (i32.const 160) (i32.const 7))
    (call $list)
    (call $resp_get_body (i32.const 0) (i32.const 4) (local.get $response))
    (call $value)
    (call $get (local.get $response) (i32.const 170) (i32.const 8))
    (call $list)
    (call $resp_get_headers (i32.const 0) (i32.const 4) (local.get $response))
    (call $list))

  (func $malformed
    (call $number (call $req_create (i32.const 110) (i32.const 3) (i32.const 180) (i32.const 8)))
    (call $number (call $req_create (i32.const 190) (i32.const 4) (i32.const 200) (i32.const 19))))

  (func $twice (local $request i32)
    (local.set $request (call $to_origin (i32.const 110) (i32.const 3)))
    (call $number (call $req_send (local.get $request)))
    (call $number (call $req_send (local.get $request)))
    (call $set (local.get $request) (i32.const 220) (i32.const 3) (i32.const 256) (i32.const 1))
    (call $set_body (local.get $request)))

  (func $incoming
    (call $set (i32.const 0) (i32.const 220) (i32.const 3) (i32.const 256) (i32.const 1))
    (call $set_body (i32.const 0))
    (call $number (call $req_send (i32.const 0))))

  (func $invalid (local $request i32)
    (local.set $request (call $to_origin (i32.const 110) (i32.const 3)))
    (call $set (local.get $request) (i32.const 230) (i32.const 8) (i32.const 256) (i32.const 1))
    (call $set (local.get $request) (i32.const 220) (i32.const 3) (i32.const 272) (i32.const 1))
    (call $set (local.get $request) (i32.const 220) (i32.const 3) (i32.const 256) (i32.const 1)))

  (func $write_received (local $response i32)
    (local.set $response (call $req_send (call $to_origin (i32.const 110) (i32.const 3))))
    (call $number (call $resp_set_response_code (local.get $response) (i32.const 404)))
    (call $number (call $resp_set_header (local.get $response) (i32.const 220) (i32.const 3) (i32.const 0)
      (i32.const 0)))
    (call $number (call $resp_set_body (local.get $response) (i32.const 150) (i32.const 4))))

  (func $unknown_code (drop (call $resp_get_response_code (i32.const 99))))
  (func $read_outgoing (call $resp_get_headers (i32.const 0) (i32.const 4) (i32.const 0)))
  (func $unknown_header (call $get (i32.const 99) (i32.const 220) (i32.const 3)))
  (func $unknown_body (call $resp_get_body (i32.const 0) (i32.const 4) (i32.const 99)))

  (type $case (func))
  (table $cases funcref
    (elem $exchange $malformed $twice $incoming $invalid $unknown_code $read_outgoing
      $unknown_header $unknown_body $write_received))

  (func (export "run") (local $case i32)
    (local.set $case (call $begin))
    (if (i32.gt_u (local.get $case) (i32.const 9))
      (then (local.set $case (i32.const 0))))
    (call_indirect $cases (type $case) (local.get $case))
    (call $finish)))
