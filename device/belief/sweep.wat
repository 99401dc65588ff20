;; A silent trading day for many SKUs at once, four grid points or cells a step (128-bit SIMD). What the numbers mean
;; is said in silent-sweep.ts, which lays out the memory and calls; why the day goes like this, in time-step.ts.
;; `npm run generate:kernels` writes sweep-bytes.ts from this text; a test holds the two together.
;;
;; A belief is one row, as in state-slab.ts: 16 scalars (f64), 32 rates while selling, 32 while not, then the cells
;; (f32). Rows are updated in place. Addresses are bytes; the loops over a grid go from 0 to 112 by 16.
(module
  (import "math" "exp" (func $exp (param f64) (result f64)))
  (import "math" "log" (func $log (param f64) (result f64)))
  (memory (export "memory") 3)

  ;; P(on-hand = 0) stays inside [FLOOR, 1 - FLOOR]; a cell at the top below TAIL is dropped (working-state.ts).
  (global $floor f64 (f64.const 1e-6))
  (global $tail f32 (f32.const 1e-8))
  ;; Less than this reappearing is not worth a pass; what appears reaches so many cells (time-step.ts).
  (global $leastAppeared f64 (f64.const 1e-5))
  (global $surplusReach i32 (i32.const 12))

  (func $sum4 (param $v v128) (result f64)
    (f64.add
      (f64.add
        (f64.promote_f32 (f32x4.extract_lane 0 (local.get $v)))
        (f64.promote_f32 (f32x4.extract_lane 1 (local.get $v))))
      (f64.add
        (f64.promote_f32 (f32x4.extract_lane 2 (local.get $v)))
        (f64.promote_f32 (f32x4.extract_lane 3 (local.get $v))))))

  (func $splat (param $x f64) (result v128)
    (f32x4.splat (f32.demote_f64 (local.get $x))))

  ;; What is too little to matter is nothing: numbers near the end of f32's range cost a hundred times the others.
  (func $kept (param $v v128) (result v128)
    (v128.and (local.get $v) (f32x4.ge (local.get $v) (v128.const f32x4 1e-24 1e-24 1e-24 1e-24))))

  ;; The first `count` of four.
  (func $upTo (param $count i32) (result v128)
    (i32x4.gt_s (i32x4.splat (local.get $count)) (v128.const i32x4 0 1 2 3)))

  ;; Writes the three situations, scaled to sum 1 with P(on-hand = 0) kept off the ends.
  (func $settle (param $row i32) (param $absent f64) (param $hidden f64) (param $selling f64)
    (local $p0 f64) (local $present f64)
    (local.set $p0
      (f64.min
        (f64.sub (f64.const 1) (global.get $floor))
        (f64.max
          (global.get $floor)
          (f64.div
            (local.get $absent)
            (f64.add (f64.add (local.get $absent) (local.get $hidden)) (local.get $selling))))))
    (local.set $present
      (f64.div
        (f64.sub (f64.const 1) (local.get $p0))
        (f64.add (local.get $hidden) (local.get $selling))))
    (f64.store (local.get $row) (local.get $p0))
    (f64.store offset=8 (local.get $row) (f64.mul (local.get $hidden) (local.get $present)))
    (f64.store offset=16 (local.get $row) (f64.mul (local.get $selling) (local.get $present))))

  ;; Lives the day for the rows listed. $drifts: demand drifts; $teaches: the moments of demand are written out.
  (func (export "live") (param $count i32) (param $drifts i32) (param $teaches i32)
    (local $at i32) (local $row i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $count)))
        (local.set $row (i32.load offset=10240 (i32.shl (local.get $at) (i32.const 2))))
        (call $day (local.get $row))
        (if (local.get $drifts)
          (then
            (call $drift (i32.add (local.get $row) (i32.const 128)))
            (call $drift (i32.add (local.get $row) (i32.const 256)))))
        (if (local.get $teaches)
          (then (call $teach (local.get $row) (i32.shl (local.get $at) (i32.const 4)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))

  (func $day (param $row i32)
    (local $k i32) (local $l v128) (local $i v128)
    (local $factors v128) (local $means v128) (local $leaving v128) (local $arriving v128)
    (local $meanFactor f64) (local $leaves f64) (local $u f64) (local $loss f64) (local $toAbsent f64)
    (local $out f64) (local $stays f64) (local $burst f64) (local $shelfVoid f64)
    (local $absent f64) (local $hidden f64) (local $selling f64)
    (local $restocked f64) (local $appeared f64) (local $hiddenLost f64) (local $lost f64) (local $voided f64)
    (local $arrived f64) (local $sellingAfter f64) (local $stayed f64) (local $remaining f64)
    (local $absentAfter f64) (local $hiddenAfter f64)
    (local $keepLive v128) (local $joinLive v128) (local $keepIdle v128) (local $joinIdle v128)
    (f64.store offset=48 (local.get $row) (f64.load (i32.const 64)))
    (local.set $u (f64.load (i32.const 0)))
    (if (f64.eq (local.get $u) (f64.const 0))
      (then
        (call $lose (local.get $row) (f64.const 0) (f64.const 0))
        (return)))
    (loop $sum
      (local.set $l (v128.load offset=128 (i32.add (local.get $row) (local.get $k))))
      (local.set $i (v128.load offset=256 (i32.add (local.get $row) (local.get $k))))
      (local.set $factors
        (f32x4.add (local.get $factors) (f32x4.mul (local.get $l) (v128.load offset=128 (local.get $k)))))
      (local.set $leaving
        (f32x4.add (local.get $leaving) (f32x4.mul (local.get $l) (v128.load offset=256 (local.get $k)))))
      (local.set $arriving
        (f32x4.add (local.get $arriving) (f32x4.mul (local.get $i) (v128.load offset=384 (local.get $k)))))
      (local.set $means
        (f32x4.add (local.get $means) (f32x4.mul (local.get $l) (v128.load offset=512 (local.get $k)))))
      (br_if $sum (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 128))))
    (local.set $meanFactor (call $sum4 (local.get $factors)))
    (local.set $leaves (call $sum4 (local.get $leaving)))

    (local.set $burst (f64.load (i32.const 24)))
    (local.set $shelfVoid (f64.load (i32.const 32)))
    (local.set $absent (f64.load (local.get $row)))
    (local.set $hidden (f64.load offset=8 (local.get $row)))
    (local.set $selling (f64.load offset=16 (local.get $row)))
    (local.set $loss
      (f64.add
        (f64.mul (f64.load (i32.const 8)) (call $sum4 (local.get $means)))
        (f64.load (i32.const 16))))
    (local.set $toAbsent
      (f64.add
        (local.get $burst)
        (f64.mul (local.get $loss) (f64.promote_f32 (f32.load offset=384 (local.get $row))))))
    (local.set $out (f64.add (local.get $toAbsent) (local.get $shelfVoid)))
    (local.set $stays (call $exp (f64.neg (f64.mul (local.get $out) (local.get $u)))))
    (local.set $restocked (f64.mul (local.get $hidden) (f64.load (i32.const 48))))
    (local.set $appeared (f64.mul (local.get $absent) (f64.load (i32.const 40))))
    (local.set $hiddenLost (f64.mul (f64.mul (local.get $hidden) (local.get $burst)) (local.get $u)))
    (local.set $lost (f64.mul (f64.mul (local.get $selling) (local.get $leaves)) (local.get $toAbsent)))
    (local.set $voided (f64.mul (f64.mul (local.get $selling) (local.get $leaves)) (local.get $shelfVoid)))
    (local.set $arrived (f64.add (local.get $restocked) (local.get $appeared)))
    (local.set $sellingAfter
      (f64.add
        (f64.mul (f64.mul (local.get $selling) (local.get $meanFactor)) (local.get $stays))
        (f64.mul (local.get $arrived) (call $sum4 (local.get $arriving)))))
    (local.set $stayed (f64.sub (f64.add (local.get $absent) (local.get $hidden)) (local.get $arrived)))
    (local.set $remaining (f64.add (f64.add (local.get $stayed) (local.get $lost)) (local.get $voided)))
    (local.set $keepLive
      (call $splat (f64.div (f64.mul (local.get $selling) (local.get $stays)) (local.get $sellingAfter))))
    (local.set $joinLive (call $splat (f64.div (local.get $arrived) (local.get $sellingAfter))))
    (local.set $keepIdle (call $splat (f64.div (local.get $stayed) (local.get $remaining))))
    (local.set $joinIdle
      (call $splat (f64.div (f64.mul (local.get $selling) (local.get $out)) (local.get $remaining))))

    (local.set $k (i32.const 0))
    (loop $mix
      (local.set $l (v128.load offset=128 (i32.add (local.get $row) (local.get $k))))
      (local.set $i (v128.load offset=256 (i32.add (local.get $row) (local.get $k))))
      (v128.store offset=128 (i32.add (local.get $row) (local.get $k))
        (call $kept
          (f32x4.add
            (f32x4.mul (f32x4.mul (local.get $l) (v128.load offset=128 (local.get $k))) (local.get $keepLive))
            (f32x4.mul (f32x4.mul (local.get $i) (v128.load offset=384 (local.get $k))) (local.get $joinLive)))))
      (v128.store offset=256 (i32.add (local.get $row) (local.get $k))
        (call $kept
          (f32x4.add
            (f32x4.mul (local.get $i) (local.get $keepIdle))
            (f32x4.mul (f32x4.mul (local.get $l) (v128.load offset=256 (local.get $k))) (local.get $joinIdle)))))
      (br_if $mix (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 128))))

    (local.set $absentAfter
      (f64.add
        (f64.add (f64.sub (local.get $absent) (local.get $appeared)) (local.get $hiddenLost))
        (local.get $lost)))
    (local.set $hiddenAfter
      (f64.add
        (f64.sub (f64.sub (local.get $hidden) (local.get $restocked)) (local.get $hiddenLost))
        (local.get $voided)))
    (f64.store offset=104 (local.get $row)
      (f64.add
        (f64.load offset=104 (local.get $row))
        (call $log
          (f64.add (f64.add (local.get $absentAfter) (local.get $hiddenAfter)) (local.get $sellingAfter)))))
    (call $settle (local.get $row) (local.get $absentAfter) (local.get $hiddenAfter) (local.get $sellingAfter))
    (call $lose
      (local.get $row)
      (f64.min (f64.const 0.5) (f64.mul (local.get $loss) (local.get $u)))
      (select
        (f64.div (local.get $appeared) (f64.add (f64.add (local.get $hidden) (local.get $selling)) (local.get $appeared)))
        (f64.const 0)
        (f64.gt (local.get $appeared) (global.get $leastAppeared)))))

  ;; Single units and parts of the stock go, a few may appear. From above: each cell receives what the cells above it
  ;; lose, the sum of part * p(j) / (j - 1).
  (func $lose (param $row i32) (param $hazard f64) (param $surplus f64)
    (local $last i32) (local $reach i32) (local $at i32) (local $scale f64)
    (local $keep v128) (local $move v128) (local $appears v128) (local $part v128)
    (local $here v128) (local $higher v128) (local $left v128) (local $gone v128) (local $given v128) (local $above v128)
    (local $first f32) (local $end i32) (local $begin i32) (local $within v128)
    (local.set $last (i32.trunc_f64_u (f64.load offset=24 (local.get $row))))
    (local.set $reach (local.get $last))
    (if (f64.gt (local.get $surplus) (f64.const 0))
      (then
        (if (i32.lt_u (local.get $reach) (global.get $surplusReach))
          (then (local.set $reach (global.get $surplusReach))))))
    (local.set $first (f32.load offset=384 (local.get $row)))
    (local.set $scale
      (f64.div
        (f64.sub (f64.const 1) (local.get $surplus))
        (f64.sub
          (f64.const 1.000000000001)
          (f64.mul (local.get $hazard) (f64.promote_f32 (local.get $first))))))
    (local.set $keep (call $splat (f64.mul (f64.sub (f64.const 1) (local.get $hazard)) (local.get $scale))))
    (local.set $move (call $splat (f64.mul (local.get $hazard) (local.get $scale))))
    (local.set $part (call $splat (f64.load (i32.const 56))))
    (local.set $appears
      (call $splat (f64.mul (local.get $surplus) (f64.load offset=5632 (i32.shl (local.get $reach) (i32.const 3))))))
    ;; Steps of four: what lies beyond the last cell is nothing, and nothing is put beyond the reach.
    (local.set $end (i32.shl (i32.and (i32.sub (local.get $last) (i32.const 1)) (i32.const -4)) (i32.const 2)))
    (v128.store offset=384 (i32.add (local.get $row) (local.get $end))
      (v128.and
        (v128.load offset=384 (i32.add (local.get $row) (local.get $end)))
        (call $upTo (i32.sub (local.get $last) (i32.shr_u (local.get $end) (i32.const 2))))))
    (local.set $at (i32.shl (i32.and (i32.sub (local.get $reach) (i32.const 1)) (i32.const -4)) (i32.const 2)))
    (local.set $within (call $upTo (i32.sub (local.get $reach) (i32.shr_u (local.get $at) (i32.const 2)))))
    (local.set $begin (local.get $at))
    (block $cleared
      (loop $clear
        (br_if $cleared (i32.le_u (local.get $begin) (local.get $end)))
        (v128.store offset=384 (i32.add (local.get $row) (local.get $begin)) (v128.const i32x4 0 0 0 0))
        (local.set $begin (i32.sub (local.get $begin) (i32.const 16)))
        (br $clear)))
    (loop $four
      (local.set $here (v128.load offset=384 (i32.add (local.get $row) (local.get $at))))
      (local.set $left
        (v128.and
          (f32x4.add
            (f32x4.add
              (f32x4.mul (local.get $keep) (local.get $here))
              (f32x4.mul
                (local.get $move)
                (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 (local.get $here) (local.get $higher))))
            (f32x4.mul (local.get $appears) (v128.load offset=1536 (local.get $at))))
          (local.get $within)))
      (local.set $within (v128.const i32x4 -1 -1 -1 -1))
      (local.set $higher (local.get $here))
      (local.set $gone (f32x4.mul (local.get $part) (local.get $left)))
      ;; Running sums from above within the four, then those of the fours above.
      (local.set $given (f32x4.mul (local.get $gone) (v128.load offset=3584 (local.get $at))))
      (local.set $given
        (f32x4.add
          (local.get $given)
          (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19
            (local.get $given) (v128.const i32x4 0 0 0 0))))
      (local.set $given
        (f32x4.add
          (local.get $given)
          (i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
            (local.get $given) (v128.const i32x4 0 0 0 0))))
      (v128.store offset=384 (i32.add (local.get $row) (local.get $at))
        (f32x4.add
          (f32x4.sub (local.get $left) (local.get $gone))
          (f32x4.add
            (local.get $above)
            (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19
              (local.get $given) (v128.const i32x4 0 0 0 0)))))
      (local.set $above (f32x4.add (local.get $above) (f32x4.splat (f32x4.extract_lane 0 (local.get $given)))))
      (br_if $four (i32.ge_s (local.tee $at (i32.sub (local.get $at) (i32.const 16))) (i32.const 0))))
    ;; A part of a single unit does not go.
    (f32.store offset=384 (local.get $row)
      (f32.add (f32.load offset=384 (local.get $row)) (f32x4.extract_lane 0 (local.get $gone))))
    (block $trimmed
      (loop $trim
        (br_if $trimmed (i32.le_u (local.get $reach) (i32.const 1)))
        (br_if $trimmed
          (f32.ge
            (f32.load offset=380 (i32.add (local.get $row) (i32.shl (local.get $reach) (i32.const 2))))
            (global.get $tail)))
        (local.set $reach (i32.sub (local.get $reach) (i32.const 1)))
        (br $trim)))
    (f64.store offset=24 (local.get $row) (f64.convert_i32_u (local.get $reach))))

  ;; Demand moves to neighbouring rates, or jumps within a window; see `drift` in rate-grid.ts. A window of eleven points
  ;; of the tilted belief is made of sums of four: those from 5 and from 1 below, and the points 3, 4 and 5 above.
  (func $drift (param $grid i32)
    (local $k i32) (local $below v128) (local $here v128) (local $above v128) (local $total v128)
    (local $stay v128) (local $up v128) (local $down v128) (local $jump v128) (local $scale v128)
    (local $tilted v128) (local $tilted1 v128) (local $tilted2 v128) (local $twos v128) (local $twos1 v128)
    (local $fours v128) (local $fours1 v128) (local $fours2 v128)
    (local.set $stay (call $splat (f64.load (i32.const 72))))
    (local.set $up (call $splat (f64.load (i32.const 80))))
    (local.set $down (call $splat (f64.load (i32.const 88))))
    (local.set $jump (call $splat (f64.load (i32.const 96))))
    (local.set $below (v128.load32_splat (local.get $grid)))
    (local.set $here (v128.load (local.get $grid)))
    (local.set $tilted (f32x4.mul (local.get $here) (v128.load offset=896 (local.get $k))))
    (local.set $tilted1
      (f32x4.mul (v128.load offset=16 (local.get $grid)) (v128.load offset=912 (local.get $k))))
    ;; Sums of two and of four that begin in the four points below the grid.
    (local.set $twos
      (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 (v128.const i32x4 0 0 0 0) (local.get $tilted)))
    (local.set $twos
      (v128.and (local.get $twos) (v128.const i32x4 0 0 0 -1)))
    (local.set $twos1
      (f32x4.add (local.get $tilted) (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 (local.get $tilted) (local.get $tilted1))))
    (local.set $fours1
      (f32x4.add (local.get $twos) (i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 (local.get $twos) (local.get $twos1))))
    (local.set $twos (local.get $twos1))
    (loop $move
      (if (i32.lt_u (local.get $k) (i32.const 112))
        (then (local.set $above (v128.load offset=16 (i32.add (local.get $grid) (local.get $k)))))
        (else (local.set $above (v128.load32_splat offset=124 (local.get $grid)))))
      (if (i32.lt_u (local.get $k) (i32.const 96))
        (then
          (local.set $tilted2
            (f32x4.mul
              (v128.load offset=32 (i32.add (local.get $grid) (local.get $k)))
              (v128.load offset=928 (local.get $k)))))
        (else (local.set $tilted2 (v128.const i32x4 0 0 0 0))))
      (local.set $twos1
        (f32x4.add (local.get $tilted1) (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 (local.get $tilted1) (local.get $tilted2))))
      (local.set $fours
        (f32x4.add (local.get $twos) (i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 (local.get $twos) (local.get $twos1))))
      (local.set $below
        (f32x4.add
          (f32x4.add
            (f32x4.mul (local.get $stay) (local.get $here))
            (f32x4.add
              (f32x4.mul (local.get $up) (i8x16.shuffle 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 (local.get $below) (local.get $here)))
              (f32x4.mul (local.get $down) (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 (local.get $here) (local.get $above)))))
          (f32x4.mul
            (f32x4.mul (local.get $jump) (v128.load offset=1024 (local.get $k)))
            (f32x4.add
              (f32x4.add
                (i8x16.shuffle 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 (local.get $fours2) (local.get $fours1))
                (i8x16.shuffle 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 (local.get $fours1) (local.get $fours)))
              (f32x4.add
                (f32x4.add
                  (i8x16.shuffle 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 (local.get $tilted) (local.get $tilted1))
                  (local.get $tilted1))
                (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 (local.get $tilted1) (local.get $tilted2)))))))
      (v128.store (i32.add (local.get $grid) (local.get $k)) (local.get $below))
      (local.set $total (f32x4.add (local.get $total) (local.get $below)))
      (local.set $below (local.get $here))
      (local.set $here (local.get $above))
      (local.set $tilted (local.get $tilted1))
      (local.set $tilted1 (local.get $tilted2))
      (local.set $twos (local.get $twos1))
      (local.set $fours2 (local.get $fours1))
      (local.set $fours1 (local.get $fours))
      (br_if $move (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 128))))
    (local.set $scale (call $splat (f64.div (f64.const 1) (call $sum4 (local.get $total)))))
    (local.set $k (i32.const 0))
    (loop $normal
      (v128.store (i32.add (local.get $grid) (local.get $k))
        (call $kept (f32x4.mul (v128.load (i32.add (local.get $grid) (local.get $k))) (local.get $scale))))
      (br_if $normal (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 128)))))

  ;; First and second moment of the logarithm of demand, for the priors of categories; see rate-groups.ts.
  (func $teach (param $row i32) (param $out i32)
    (local $k i32) (local $share v128) (local $rest v128) (local $weight v128) (local $first v128) (local $second v128)
    (local.set $share (call $splat (f64.load offset=16 (local.get $row))))
    (local.set $rest (call $splat (f64.sub (f64.const 1) (f64.load offset=16 (local.get $row)))))
    (loop $sum
      (local.set $weight
        (f32x4.add
          (f32x4.mul (local.get $share) (v128.load offset=128 (i32.add (local.get $row) (local.get $k))))
          (f32x4.mul (local.get $rest) (v128.load offset=256 (i32.add (local.get $row) (local.get $k))))))
      (local.set $first
        (f32x4.add (local.get $first) (f32x4.mul (local.get $weight) (v128.load offset=640 (local.get $k)))))
      (local.set $second
        (f32x4.add (local.get $second) (f32x4.mul (local.get $weight) (v128.load offset=768 (local.get $k)))))
      (br_if $sum (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 128))))
    (f64.store offset=12288 (local.get $out) (call $sum4 (local.get $first)))
    (f64.store offset=12296 (local.get $out) (call $sum4 (local.get $second))))

  ;; Multiplies both demand beliefs of the rows listed by the correction listed for each, as Bayes' rule weighs the
  ;; situations.
  (func (export "reweigh") (param $count i32)
    (local $at i32) (local $row i32) (local $ratio i32) (local $live f64) (local $idle f64)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $count)))
        (local.set $row (i32.load offset=10240 (i32.shl (local.get $at) (i32.const 2))))
        (local.set $ratio (i32.load offset=11264 (i32.shl (local.get $at) (i32.const 2))))
        (local.set $live (call $scale (i32.add (local.get $row) (i32.const 128)) (local.get $ratio)))
        (local.set $idle (call $scale (i32.add (local.get $row) (i32.const 256)) (local.get $ratio)))
        (call $settle
          (local.get $row)
          (f64.mul (f64.load (local.get $row)) (local.get $idle))
          (f64.mul (f64.load offset=8 (local.get $row)) (local.get $idle))
          (f64.mul (f64.load offset=16 (local.get $row)) (local.get $live)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))

  ;; Multiplies a grid and brings it back to sum 1; returns what it summed to.
  (func $scale (param $grid i32) (param $ratio i32) (result f64)
    (local $k i32) (local $total v128) (local $sum f64) (local $normal v128)
    (loop $sum
      (local.set $total
        (f32x4.add
          (local.get $total)
          (f32x4.mul
            (v128.load (i32.add (local.get $grid) (local.get $k)))
            (v128.load (i32.add (local.get $ratio) (local.get $k))))))
      (br_if $sum (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 128))))
    (local.set $sum (call $sum4 (local.get $total)))
    (local.set $normal (call $splat (f64.div (f64.const 1) (local.get $sum))))
    (local.set $k (i32.const 0))
    (loop $apply
      (v128.store (i32.add (local.get $grid) (local.get $k))
        (f32x4.mul
          (f32x4.mul
            (v128.load (i32.add (local.get $grid) (local.get $k)))
            (v128.load (i32.add (local.get $ratio) (local.get $k))))
          (local.get $normal)))
      (br_if $apply (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 128))))
    (local.get $sum)))
