(module
  (import "env" "hostcall_req_get_body" (func $req_get_body (param i32 i32 i32)))
  ;; include prelude.wat

  (func (export "run") (local $request i32)
    (if (i32.eq (call $begin) (i32.const 1))
      (then (local.set $request (i32.const 99))))
    (i32.store (i32.const 4) (i32.const 77))
    (call $req_get_body (i32.const 0) (i32.const 4) (local.get $request))
    (call $number (i32.load (i32.const 4)))
    (call $value)
    (call $finish)))
