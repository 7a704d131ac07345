(module
  (import "env" "hostcall_debug" (func $debug (param i32 i32)))
  (memory 1)
  (data (i32.const 0) "by length, no more" "to its NUL\00nothing of this")

  (func (export "run")
    (call $debug (i32.const 0) (i32.const 9))
    (call $debug (i32.const 18) (i32.const -1))
    (call $debug (i32.const -1) (i32.const 0))))
