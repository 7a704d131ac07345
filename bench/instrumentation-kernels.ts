// The kernels of the instrumentation benchmark, in WAT, written for it. Each exports `go(i32) -> (i32)`.

/** One kernel: its text, and the argument that makes one call take some tens of milliseconds. */
export interface Kernel {
  readonly name: string;
  /** Recursion is reported beside the others. */
  readonly recursion: boolean;
  readonly argument: number;
  readonly fields: string;
}

const fib = `(func $fib (export "go") (param i32) (result i32)
  (if (i32.lt_s (local.get 0) (i32.const 2)) (then (return (local.get 0))))
  (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0)
    (i32.const 2)))))`;

const ackermann = `(func $a (export "go") (param i32) (result i32) (call $ack (i32.const 2) (local.get 0)))
  (func $ack (param $m i32) (param $n i32) (result i32)
    (if (i32.eqz (local.get $m)) (then (return (i32.add (local.get $n) (i32.const 1)))))
    (if (i32.eqz (local.get $n)) (then (return (call $ack (i32.sub (local.get $m) (i32.const 1))
      (i32.const 1)))))
    (call $ack (i32.sub (local.get $m) (i32.const 1)) (call $ack (local.get $m) (i32.sub (local.get $n)
      (i32.const 1)))))`;

const mandelbrot = `(func (export "go") (param $size i32) (result i32)
  (local $x i32) (local $y i32) (local $n i32) (local $inside i32)
  (local $cr f64) (local $ci f64) (local $zr f64) (local $zi f64) (local $t f64)
  (loop $rows
    (local.set $x (i32.const 0))
    (loop $columns
      (local.set $cr (f64.sub (f64.div (f64.convert_i32_s (i32.mul (local.get $x) (i32.const 3)))
        (f64.convert_i32_s (local.get $size))) (f64.const 2)))
      (local.set $ci (f64.sub (f64.div (f64.convert_i32_s (i32.mul (local.get $y) (i32.const 2)))
        (f64.convert_i32_s (local.get $size))) (f64.const 1)))
      (local.set $zr (f64.const 0)) (local.set $zi (f64.const 0)) (local.set $n (i32.const 0))
      (block $escaped
        (loop $iterate
          (local.set $t (f64.add (f64.sub (f64.mul (local.get $zr) (local.get $zr)) (f64.mul (local.get $zi)
            (local.get $zi))) (local.get $cr)))
          (local.set $zi (f64.add (f64.mul (f64.mul (local.get $zr) (local.get $zi)) (f64.const 2))
            (local.get $ci)))
          (local.set $zr (local.get $t))
          (br_if $escaped (f64.gt (f64.add (f64.mul (local.get $zr) (local.get $zr)) (f64.mul (local.get $zi)
            (local.get $zi))) (f64.const 4)))
          (br_if $iterate (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 200))))
        (local.set $inside (i32.add (local.get $inside) (i32.const 1))))
      (br_if $columns (i32.lt_s (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $size))))
    (br_if $rows (i32.lt_s (local.tee $y (i32.add (local.get $y) (i32.const 1))) (local.get $size))))
  (local.get $inside))`;

const sieve = `(memory 64) (func (export "go") (param $limit i32) (result i32) (local $i i32) (local $j i32)
  (local $count i32)
  (memory.fill (i32.const 0) (i32.const 1) (local.get $limit))
  (local.set $i (i32.const 2))
  (loop $numbers
    (if (i32.load8_u (local.get $i)) (then
      (local.set $count (i32.add (local.get $count) (i32.const 1)))
      (local.set $j (i32.shl (local.get $i) (i32.const 1)))
      (block $done (loop $multiples
        (br_if $done (i32.ge_u (local.get $j) (local.get $limit)))
        (i32.store8 (local.get $j) (i32.const 0))
        (local.set $j (i32.add (local.get $j) (local.get $i)))
        (br $multiples)))))
    (br_if $numbers (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $limit))))
  (local.get $count))`;

const crc32 = `(memory 64) (func (export "go") (param $length i32) (result i32) (local $i i32) (local $c i32)
  (local $k i32)
  (loop $table
    (local.set $c (local.get $i)) (local.set $k (i32.const 8))
    (loop $bits
      (local.set $c (i32.xor (i32.shr_u (local.get $c) (i32.const 1)) (i32.and (i32.const 0xedb88320) (i32.sub
        (i32.const 0) (i32.and (local.get $c) (i32.const 1))))))
      (br_if $bits (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
    (i32.store (i32.shl (local.get $i) (i32.const 2)) (local.get $c))
    (br_if $table (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 256))))
  (local.set $c (i32.const -1)) (local.set $i (i32.const 0))
  (loop $bytes
    (local.set $c (i32.xor (i32.shr_u (local.get $c) (i32.const 8))
      (i32.load (i32.shl (i32.and (i32.xor (local.get $c) (i32.load8_u offset=1024 (local.get $i)))
        (i32.const 255)) (i32.const 2)))))
    (br_if $bytes (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $length))))
  (i32.xor (local.get $c) (i32.const -1)))`;

const byteSum = `(memory 64) (func (export "go") (param $length i32) (result i32) (local $i i32)
  (local $sum i32)
  (loop $bytes
    (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $i))))
    (br_if $bytes (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $length))))
  (local.get $sum))`;

const matrix = `(memory 64) (func (export "go") (param $n i32) (result i32) (local $i i32) (local $j i32)
  (local $k i32) (local $sum f64)
  (loop $rows
    (local.set $j (i32.const 0))
    (loop $columns
      (local.set $k (i32.const 0)) (local.set $sum (f64.const 0))
      (loop $terms
        (local.set $sum (f64.add (local.get $sum) (f64.mul
          (f64.load (i32.shl (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $k)) (i32.const 3)))
          (f64.load offset=1048576 (i32.shl (i32.add (i32.mul (local.get $k) (local.get $n)) (local.get $j))
            (i32.const 3))))))
        (br_if $terms (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
      (f64.store offset=2097152 (i32.shl (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $j))
        (i32.const 3)) (local.get $sum))
      (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
    (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
  (i32.trunc_sat_f64_s (local.get $sum)))`;

const quicksort = `(memory 64)
  (func (export "go") (param $n i32) (result i32) (local $i i32) (local $seed i32)
    (local.set $seed (i32.const 12345))
    (loop $fill
      (local.set $seed (i32.add (i32.mul (local.get $seed) (i32.const 1103515245)) (i32.const 12345)))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (i32.shr_u (local.get $seed) (i32.const 1)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (call $sort (i32.const 0) (i32.shl (i32.sub (local.get $n) (i32.const 1)) (i32.const 2)))
    (i32.load (local.get $n)))
  (func $sort (param $low i32) (param $high i32) (local $i i32) (local $j i32) (local $pivot i32)
    (local $t i32)
    (if (i32.ge_s (local.get $low) (local.get $high)) (then (return)))
    (local.set $pivot (i32.load (i32.and (i32.shr_u (i32.add (local.get $low) (local.get $high))
      (i32.const 1)) (i32.const -4))))
    (local.set $i (i32.sub (local.get $low) (i32.const 4))) (local.set $j (i32.add (local.get $high)
      (i32.const 4)))
    (block $split (loop $partition
      (loop $up (br_if $up (i32.lt_s (i32.load (local.tee $i (i32.add (local.get $i) (i32.const 4))))
        (local.get $pivot))))
      (loop $down (br_if $down (i32.gt_s (i32.load (local.tee $j (i32.sub (local.get $j) (i32.const 4))))
        (local.get $pivot))))
      (br_if $split (i32.ge_s (local.get $i) (local.get $j)))
      (local.set $t (i32.load (local.get $i)))
      (i32.store (local.get $i) (i32.load (local.get $j)))
      (i32.store (local.get $j) (local.get $t))
      (br $partition)))
    (call $sort (local.get $low) (local.get $j))
    (call $sort (i32.add (local.get $j) (i32.const 4)) (local.get $high)))`;

/**
 * SHA-256's message schedule and rounds over generated blocks; constants derived from the block, which costs
 * the same.
 */
const sha = `(memory 64) (func (export "go") (param $blocks i32) (result i32)
  (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32) (local $f i32) (local $g i32)
    (local $h i32)
  (local $t i32) (local $u i32) (local $w i32)
  (local.set $a (i32.const 0x6a09e667)) (local.set $e (i32.const 0x510e527f))
  (loop $block
    (local.set $t (i32.const 0))
    (loop $load
      (i32.store (local.get $t) (i32.add (i32.mul (local.get $t) (i32.const 0x9e3779b1)) (local.get $blocks)))
      (br_if $load (i32.lt_u (local.tee $t (i32.add (local.get $t) (i32.const 4))) (i32.const 64))))
    (loop $schedule
      (local.set $u (i32.load (i32.sub (local.get $t) (i32.const 8))))
      (local.set $w (i32.load (i32.sub (local.get $t) (i32.const 60))))
      (i32.store (local.get $t) (i32.add (i32.add (i32.load (i32.sub (local.get $t) (i32.const 28))) (i32.load
        (i32.sub (local.get $t) (i32.const 64))))
        (i32.add
          (i32.xor (i32.xor (i32.rotr (local.get $u) (i32.const 17)) (i32.rotr (local.get $u) (i32.const 19)))
            (i32.shr_u (local.get $u) (i32.const 10)))
          (i32.xor (i32.xor (i32.rotr (local.get $w) (i32.const 7)) (i32.rotr (local.get $w) (i32.const 18)))
            (i32.shr_u (local.get $w) (i32.const 3))))))
      (br_if $schedule (i32.lt_u (local.tee $t (i32.add (local.get $t) (i32.const 4))) (i32.const 256))))
    (local.set $t (i32.const 0))
    (loop $rounds
      (local.set $u (i32.add (i32.add (local.get $h) (i32.load (local.get $t))) (i32.add
        (i32.xor (i32.xor (i32.rotr (local.get $e) (i32.const 6)) (i32.rotr (local.get $e) (i32.const 11)))
          (i32.rotr (local.get $e) (i32.const 25)))
        (i32.xor (i32.and (local.get $e) (local.get $f)) (i32.and (i32.xor (local.get $e) (i32.const -1))
          (local.get $g))))))
      (local.set $w (i32.add
        (i32.xor (i32.xor (i32.rotr (local.get $a) (i32.const 2)) (i32.rotr (local.get $a) (i32.const 13)))
          (i32.rotr (local.get $a) (i32.const 22)))
        (i32.xor (i32.xor (i32.and (local.get $a) (local.get $b)) (i32.and (local.get $a) (local.get $c)))
          (i32.and (local.get $b) (local.get $c)))))
      (local.set $h (local.get $g)) (local.set $g (local.get $f)) (local.set $f (local.get $e))
      (local.set $e (i32.add (local.get $d) (local.get $u)))
      (local.set $d (local.get $c)) (local.set $c (local.get $b)) (local.set $b (local.get $a))
      (local.set $a (i32.add (local.get $u) (local.get $w)))
      (br_if $rounds (i32.lt_u (local.tee $t (i32.add (local.get $t) (i32.const 4))) (i32.const 256))))
    (br_if $block (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1)))))
  (local.get $a))`;

/** A byte-code interpreter: a loop around a jump table, the shape of every language runtime. */
const interpreter = `(memory 1) (data (i32.const 0) "\\00\\01\\02\\00\\03\\01\\00\\02\\04")
  (func (export "go") (param $steps i32) (result i32) (local $pc i32) (local $x i32) (local $y i32)
    (block $halt (loop $next
      (br_if $halt (i32.eqz (local.tee $steps (i32.sub (local.get $steps) (i32.const 1)))))
      (block $jump (block $mix (block $shift (block $xor (block $add
        (br_table $add $xor $shift $mix $jump (i32.load8_u (local.get $pc))))
        (local.set $x (i32.add (local.get $x) (i32.const 7))) (local.set $pc (i32.add (local.get $pc)
          (i32.const 1))) (br $next))
        (local.set $y (i32.xor (local.get $y) (local.get $x))) (local.set $pc (i32.add (local.get $pc)
          (i32.const 1))) (br $next))
        (local.set $x (i32.rotl (local.get $x) (i32.const 3))) (local.set $pc (i32.add (local.get $pc)
          (i32.const 1))) (br $next))
        (local.set $y (i32.add (i32.mul (local.get $y) (i32.const 31)) (local.get $x))) (local.set $pc
          (i32.add (local.get $pc) (i32.const 1))) (br $next))
      (local.set $pc (i32.const 0)) (br $next)))
    (local.get $y))`;

export const KERNELS: readonly Kernel[] = [
  { name: "mandelbrot", recursion: false, argument: 180, fields: mandelbrot },
  { name: "sieve", recursion: false, argument: 3_000_000, fields: sieve },
  { name: "crc32", recursion: false, argument: 4_000_000, fields: crc32 },
  { name: "byte sum", recursion: false, argument: 4_000_000, fields: byteSum },
  { name: "matmul", recursion: false, argument: 240, fields: matrix },
  { name: "quicksort", recursion: false, argument: 200_000, fields: quicksort },
  { name: "sha256-like", recursion: false, argument: 30_000, fields: sha },
  { name: "interpreter", recursion: false, argument: 6_000_000, fields: interpreter },
  { name: "fib", recursion: true, argument: 32, fields: fib },
  { name: "ackermann", recursion: true, argument: 2500, fields: ackermann },
];
