(module
  (import "env" "hostcall_dns_query_ip" (func $dns_query_ip (param i32 i32 i32 i32 i32) (result i32)))
  ;; include prelude.wat
  (data (i32.const 100) "a.test" "b.test")

  (func $address (param $slice i32) (local $at i32) (local $end i32)
    (call $number (i32.load offset=4 (local.get $slice)))
    (local.set $at (i32.load (local.get $slice)))
    (local.set $end (i32.add (local.get $at) (i32.load offset=4 (local.get $slice))))
    (loop $next
      (call $number (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end)))))

  ;; Says the result, the count, and each address as its length and its bytes.
  (func $query (param $name i32) (param $ipv6 i32) (local $slice i32) (local $left i32)
    (i32.store (i32.const 4) (i32.const 77))
    (call $number (call $dns_query_ip (i32.const 0) (i32.const 4) (local.get $name) (i32.const 6)
      (local.get $ipv6)))
    (call $number (i32.load (i32.const 4)))
    (local.set $slice (i32.load (i32.const 0)))
    (local.set $left (i32.load (i32.const 4)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (call $address (local.get $slice))
        (local.set $slice (i32.add (local.get $slice) (i32.const 8)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (call $number (i32.eqz (i32.load (i32.const 0)))))

  (func (export "run")
    (block $2
      (block $1
        (block $default
          (br_table $default $1 $2 $default (call $begin)))
        (call $query (i32.const 100) (i32.const 0))
        (call $finish)
        (return))
      (call $query (i32.const 100) (i32.const 1))
      (call $finish)
      (return))
    (call $query (i32.const 106) (i32.const 0))
    (call $finish)))
