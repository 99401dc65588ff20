;; Time passes for the SKU at hand, two numbers a step (128-bit SIMD, 64-bit floats): the loops of `advanceSituations` in
;; time-step.ts and of `silence` in rate-grid.ts, where the terms are explained. step-kernel.ts lays out the memory.
;; `npm run generate:kernels` writes step-bytes.ts from this text; a test holds the two together.
;;
;; Addresses are bytes; the loops over the grid of rates go from 0 to 240 by 16. Two rows of the table of silence that
;; lie next to each other are 608 bytes apart.
(module
  (import "math" "exp" (func $exp (param f64) (result f64)))
  (import "math" "log" (func $log (param f64) (result f64)))
  (memory (export "memory") 1)

  (func $sum2 (param $v v128) (result f64)
    (f64.add (f64x2.extract_lane 0 (local.get $v)) (f64x2.extract_lane 1 (local.get $v))))

  ;; P(silence) since the day began, of each rate, as the table has it from $at on.
  (func $read (param $at i32) (param $k i32) (param $upper v128) (result v128)
    (f64x2.add
      (f64x2.mul
        (v128.load (i32.add (local.get $at) (local.get $k)))
        (f64x2.sub (v128.const f64x2 1 1) (local.get $upper)))
      (f64x2.mul (v128.load offset=608 (i32.add (local.get $at) (local.get $k))) (local.get $upper))))

  ;; The same, kept as what the next step begins with.
  (func (export "begin") (param $at i32) (param $upper f64)
    (local $k i32)
    (loop $each
      (v128.store offset=896 (local.get $k)
        (call $read (local.get $at) (local.get $k) (f64x2.splat (local.get $upper))))
      (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 256)))))

  ;; P(silence for $u more), of each rate; $isBegun: something of the day is gone already.
  (func (export "silence")
    (param $at i32) (param $upper f64) (param $isBegun i32) (param $used f64) (param $u f64) (param $sales i32)
    (local $k i32) (local $left i32) (local $value v128) (local $factor v128) (local $ratio v128) (local $rate v128)
    (loop $each
      (local.set $value (call $read (local.get $at) (local.get $k) (f64x2.splat (local.get $upper))))
      (local.set $factor (local.get $value))
      (if (local.get $isBegun)
        (then
          (local.set $factor
            (f64x2.pmin
              (v128.const f64x2 1 1)
              (f64x2.div (local.get $value) (v128.load offset=896 (local.get $k)))))))
      (v128.store offset=896 (local.get $k) (local.get $value))
      (if (local.get $sales)
        (then
          (local.set $rate (v128.load offset=128 (local.get $k)))
          (local.set $ratio
            (f64x2.add
              (f64x2.splat (f64.load (i32.const 48)))
              (f64x2.mul (local.get $rate) (f64x2.splat (local.get $used)))))
          (local.set $ratio
            (f64x2.div
              (local.get $ratio)
              (f64x2.add (local.get $ratio) (f64x2.mul (local.get $rate) (f64x2.splat (local.get $u))))))
          ;; To the power of the sales, by repeated squaring.
          (local.set $left (local.get $sales))
          (loop $square
            (if (i32.and (local.get $left) (i32.const 1))
              (then (local.set $factor (f64x2.mul (local.get $factor) (local.get $ratio)))))
            (local.set $ratio (f64x2.mul (local.get $ratio) (local.get $ratio)))
            (br_if $square (local.tee $left (i32.shr_u (local.get $left) (i32.const 1)))))))
      (v128.store offset=640 (local.get $k) (local.get $factor))
      (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 256)))))

  ;; Situations, demand and cells after $u trading days; returns how many cells there are then.
  (func (export "advance") (param $u f64) (param $width f64) (param $cells i32) (result i32)
    (local $k i32) (local $f v128) (local $l v128) (local $i v128)
    (local $factors v128) (local $means v128) (local $leaving v128) (local $arriving v128)
    (local $lastUnit f64) (local $loss f64) (local $toAbsent f64) (local $toHidden f64) (local $burst f64)
    (local $out f64) (local $stays f64) (local $leaves f64)
    (local $absent f64) (local $hidden f64) (local $selling f64)
    (local $restocked f64) (local $appeared f64) (local $hiddenLost f64) (local $lost f64) (local $voided f64)
    (local $arrived f64) (local $sellingAfter f64) (local $stayed f64) (local $idleAfter f64)
    (local $absentAfter f64) (local $hiddenAfter f64)
    (local $keepLive v128) (local $joinLive v128) (local $keepIdle v128) (local $joinIdle v128)
    (loop $sum
      (local.set $f (v128.load offset=640 (local.get $k)))
      (local.set $l (v128.load offset=1408 (local.get $k)))
      (local.set $factors (f64x2.add (local.get $factors) (f64x2.mul (local.get $l) (local.get $f))))
      (local.set $means
        (f64x2.add (local.get $means) (f64x2.mul (local.get $l) (v128.load offset=128 (local.get $k)))))
      (local.set $leaving
        (f64x2.add
          (local.get $leaving)
          (f64x2.mul
            (f64x2.mul (local.get $l) (f64x2.sub (v128.const f64x2 1 1) (local.get $f)))
            (v128.load offset=384 (local.get $k)))))
      (local.set $arriving
        (f64x2.add
          (local.get $arriving)
          (f64x2.mul (v128.load offset=1664 (local.get $k)) (f64x2.add (v128.const f64x2 1 1) (local.get $f)))))
      (br_if $sum (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 256))))
    (local.set $leaves (call $sum2 (local.get $leaving)))
    (if (f64.eq (local.get $width) (f64.const 1))
      (then (local.set $lastUnit (f64.load offset=8 (i32.const 12288)))))
    (local.set $loss
      (f64.add
        (f64.mul (f64.load (i32.const 0)) (call $sum2 (local.get $means)))
        (f64.load (i32.const 8))))
    (local.set $burst (f64.load (i32.const 16)))
    (local.set $toHidden (f64.load (i32.const 24)))
    (local.set $toAbsent (f64.add (local.get $burst) (f64.mul (local.get $loss) (local.get $lastUnit))))
    (local.set $out (f64.add (local.get $toAbsent) (local.get $toHidden)))
    (local.set $stays (call $exp (f64.neg (f64.mul (local.get $out) (local.get $u)))))
    (local.set $absent (f64.load (i32.const 64)))
    (local.set $hidden (f64.load (i32.const 72)))
    (local.set $selling (f64.load (i32.const 80)))
    (local.set $restocked
      (f64.mul
        (local.get $hidden)
        (f64.sub (f64.const 1) (call $exp (f64.neg (f64.mul (f64.load (i32.const 40)) (local.get $u)))))))
    (local.set $appeared
      (f64.mul
        (local.get $absent)
        (f64.sub (f64.const 1) (call $exp (f64.neg (f64.mul (f64.load (i32.const 32)) (local.get $u)))))))
    (local.set $hiddenLost (f64.mul (f64.mul (local.get $hidden) (local.get $burst)) (local.get $u)))
    (local.set $lost (f64.mul (f64.mul (local.get $selling) (local.get $leaves)) (local.get $toAbsent)))
    (local.set $voided (f64.mul (f64.mul (local.get $selling) (local.get $leaves)) (local.get $toHidden)))
    (local.set $arrived (f64.add (local.get $restocked) (local.get $appeared)))
    (local.set $sellingAfter
      (f64.add
        (f64.mul (f64.mul (local.get $selling) (call $sum2 (local.get $factors))) (local.get $stays))
        (f64.mul (local.get $arrived) (f64.mul (f64.const 0.5) (call $sum2 (local.get $arriving))))))
    (local.set $stayed (f64.sub (f64.add (local.get $absent) (local.get $hidden)) (local.get $arrived)))
    (local.set $idleAfter (f64.add (f64.add (local.get $stayed) (local.get $lost)) (local.get $voided)))
    (local.set $keepLive
      (f64x2.splat (f64.div (f64.mul (local.get $selling) (local.get $stays)) (local.get $sellingAfter))))
    (local.set $joinLive
      (f64x2.splat (f64.div (f64.mul (f64.const 0.5) (local.get $arrived)) (local.get $sellingAfter))))
    (local.set $keepIdle (f64x2.splat (f64.div (local.get $stayed) (local.get $idleAfter))))
    (local.set $joinIdle
      (f64x2.splat (f64.div (f64.mul (local.get $selling) (local.get $out)) (local.get $idleAfter))))
    (local.set $k (i32.const 0))
    (loop $mix
      (local.set $f (v128.load offset=640 (local.get $k)))
      (local.set $l (v128.load offset=1408 (local.get $k)))
      (local.set $i (v128.load offset=1664 (local.get $k)))
      (v128.store offset=1408 (local.get $k)
        (f64x2.add
          (f64x2.mul (f64x2.mul (local.get $l) (local.get $f)) (local.get $keepLive))
          (f64x2.mul
            (f64x2.mul (local.get $i) (f64x2.add (v128.const f64x2 1 1) (local.get $f)))
            (local.get $joinLive))))
      (v128.store offset=1664 (local.get $k)
        (f64x2.add
          (f64x2.mul (local.get $i) (local.get $keepIdle))
          (f64x2.mul
            (f64x2.mul
              (f64x2.mul (local.get $l) (f64x2.sub (v128.const f64x2 1 1) (local.get $f)))
              (v128.load offset=384 (local.get $k)))
            (local.get $joinIdle))))
      (br_if $mix (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 256))))
    (local.set $absentAfter
      (f64.add
        (f64.add (f64.sub (local.get $absent) (local.get $appeared)) (local.get $hiddenLost))
        (local.get $lost)))
    (local.set $hiddenAfter
      (f64.add
        (f64.sub (f64.sub (local.get $hidden) (local.get $restocked)) (local.get $hiddenLost))
        (local.get $voided)))
    (f64.store (i32.const 64) (local.get $absentAfter))
    (f64.store (i32.const 72) (local.get $hiddenAfter))
    (f64.store (i32.const 80) (local.get $sellingAfter))
    (f64.store (i32.const 88)
      (call $log
        (f64.add (f64.add (local.get $absentAfter) (local.get $hiddenAfter)) (local.get $sellingAfter))))
    (call $lose
      (local.get $cells)
      (f64.min (f64.const 0.5) (f64.div (f64.mul (local.get $loss) (local.get $u)) (local.get $width))))
    (if (result i32) (f64.gt (local.get $appeared) (f64.load (i32.const 56)))
      (then
        (call $surplus
          (local.get $cells)
          (f64.div
            (local.get $appeared)
            (f64.add (f64.add (local.get $hidden) (local.get $selling)) (local.get $appeared)))))
      (else (local.get $cells))))

  ;; Single units vanish, to first order.
  (func $lose (param $cells i32) (param $hazard f64)
    (local $at i32) (local $end i32) (local $scale f64) (local $keep v128) (local $move v128)
    (local.set $scale
      (f64.div
        (f64.const 1)
        (f64.sub (f64.const 1.000000000001) (f64.mul (local.get $hazard) (f64.load offset=8 (i32.const 12288))))))
    (local.set $keep (f64x2.splat (f64.mul (f64.sub (f64.const 1) (local.get $hazard)) (local.get $scale))))
    (local.set $move (f64x2.splat (f64.mul (local.get $hazard) (local.get $scale))))
    (local.set $end (i32.shl (local.get $cells) (i32.const 3)))
    (f64.store offset=12296 (local.get $end) (f64.const 0))
    (loop $each
      (v128.store offset=12296 (local.get $at)
        (f64x2.add
          (f64x2.mul (local.get $keep) (v128.load offset=12296 (local.get $at)))
          (f64x2.mul (local.get $move) (v128.load offset=12304 (local.get $at)))))
      (br_if $each (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end)))))

  ;; Mixes $share of a small unknown quantity into the cells; returns how many there are then.
  (func $surplus (param $cells i32) (param $share f64) (result i32)
    (local $at i32) (local $end i32) (local $keep v128) (local $weight v128)
    (local.set $end (i32.shl (local.get $cells) (i32.const 3)))
    (if (i32.lt_u (local.get $cells) (i32.const 12))
      (then
        (local.set $cells (i32.const 12))
        (local.set $at (local.get $end))
        (loop $clear
          (f64.store offset=12296 (local.get $at) (f64.const 0))
          (br_if $clear (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const 96))))
        (local.set $at (i32.const 0))
        (local.set $end (i32.const 96))))
    (local.set $keep (f64x2.splat (f64.sub (f64.const 1) (local.get $share))))
    (local.set $weight (f64x2.splat (f64.mul (local.get $share) (f64.load offset=20992 (local.get $end)))))
    (loop $each
      (v128.store offset=12296 (local.get $at)
        (f64x2.add
          (f64x2.mul (local.get $keep) (v128.load offset=12296 (local.get $at)))
          (f64x2.mul (local.get $weight) (v128.load offset=2176 (local.get $at)))))
      (br_if $each (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.get $cells))

  ;; A purchase is rung up that takes $shift cells: `sell` in movement-steps.ts, up to bringing the situations back to sum
  ;; 1. $used and $sales: of the day so far. Returns how many cells there are then.
  (func (export "sell")
    (param $shift i32) (param $cells i32) (param $used f64) (param $sales f64)
    (param $wrong f64) (param $hiddenSells f64) (param $surplusShare f64) (result i32)
    (local $k i32) (local $rate v128) (local $lives v128) (local $idles v128)
    (local $liveRate f64) (local $idleRate f64) (local $absent f64) (local $hidden f64)
    (local $fromSelling f64) (local $fromHidden f64) (local $selling f64) (local $soldOut f64) (local $still f64)
    (local $proven f64) (local $sold f64) (local $idle v128) (local $bought v128)
    (local $liveShare v128) (local $idleShare v128) (local $stillShare v128) (local $joined v128)
    (local $absentAfter f64) (local $hiddenAfter f64) (local $sellingAfter f64) (local $scale v128)
    ;; Purchases expected right now, of each rate: r (d + sales) / (d + r used).
    (loop $sum
      (local.set $rate (v128.load offset=128 (local.get $k)))
      (local.set $rate
        (f64x2.div
          (f64x2.mul
            (local.get $rate)
            (f64x2.splat (f64.add (f64.load (i32.const 48)) (local.get $sales))))
          (f64x2.add
            (f64x2.splat (f64.load (i32.const 48)))
            (f64x2.mul (local.get $rate) (f64x2.splat (local.get $used))))))
      (v128.store offset=1152 (local.get $k) (local.get $rate))
      (local.set $lives
        (f64x2.add (local.get $lives) (f64x2.mul (local.get $rate) (v128.load offset=1408 (local.get $k)))))
      (local.set $idles
        (f64x2.add (local.get $idles) (f64x2.mul (local.get $rate) (v128.load offset=1664 (local.get $k)))))
      (br_if $sum (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 256))))
    (local.set $liveRate (call $sum2 (local.get $lives)))
    (local.set $idleRate (call $sum2 (local.get $idles)))
    (call $shift (local.get $shift) (local.get $cells) (local.get $wrong))
    (local.set $absent (f64.load (i32.const 64)))
    (local.set $hidden (f64.load (i32.const 72)))
    (local.set $fromSelling (f64.mul (f64.load (i32.const 80)) (local.get $liveRate)))
    (local.set $fromHidden
      (f64.mul (f64.mul (local.get $hidden) (local.get $idleRate)) (local.get $hiddenSells)))
    (local.set $selling
      (f64.mul (f64.add (local.get $fromSelling) (local.get $fromHidden)) (f64.load (i32.const 96))))
    (local.set $soldOut
      (f64.mul (f64.add (local.get $fromSelling) (local.get $fromHidden)) (f64.load (i32.const 104))))
    (local.set $hiddenAfter
      (f64.mul (f64.mul (local.get $hidden) (local.get $idleRate)) (local.get $wrong)))
    (local.set $absentAfter
      (f64.mul (f64.mul (local.get $absent) (local.get $idleRate)) (local.get $wrong)))
    (local.set $proven
      (f64.mul
        (f64.add
          (f64.mul (local.get $absent) (local.get $idleRate))
          (f64.mul (local.get $fromSelling) (f64.load (i32.const 112))))
        (local.get $surplusShare)))
    (f64.store (i32.const 88)
      (call $log
        (f64.add
          (f64.add (f64.add (local.get $absentAfter) (local.get $hiddenAfter)) (local.get $soldOut))
          (f64.add (local.get $selling) (local.get $proven)))))
    (local.set $sold
      (f64.add (f64.add (local.get $fromSelling) (local.get $fromHidden)) (local.get $proven)))
    (local.set $liveShare
      (f64x2.splat (f64.div (f64.div (local.get $fromSelling) (local.get $sold)) (local.get $liveRate))))
    (local.set $idleShare
      (f64x2.splat
        (f64.div
          (f64.div (f64.add (local.get $fromHidden) (local.get $proven)) (local.get $sold))
          (local.get $idleRate))))
    (local.set $still (f64.add (local.get $absentAfter) (local.get $hiddenAfter)))
    (local.set $stillShare (v128.const f64x2 1 1))
    (if (f64.gt (f64.add (local.get $still) (local.get $soldOut)) (f64.const 0))
      (then
        (local.set $stillShare
          (f64x2.splat (f64.div (local.get $still) (f64.add (local.get $still) (local.get $soldOut)))))))
    (local.set $joined (f64x2.sub (v128.const f64x2 1 1) (local.get $stillShare)))
    (local.set $k (i32.const 0))
    (loop $mix
      (local.set $idle (v128.load offset=1664 (local.get $k)))
      (local.set $bought
        (f64x2.mul
          (v128.load offset=1152 (local.get $k))
          (f64x2.add
            (f64x2.mul (v128.load offset=1408 (local.get $k)) (local.get $liveShare))
            (f64x2.mul (local.get $idle) (local.get $idleShare)))))
      (v128.store offset=1408 (local.get $k) (local.get $bought))
      (v128.store offset=1664 (local.get $k)
        (f64x2.add
          (f64x2.mul (local.get $idle) (local.get $stillShare))
          (f64x2.mul (local.get $bought) (local.get $joined))))
      (br_if $mix (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 256))))
    (local.set $sellingAfter
      (f64.add (local.get $selling) (f64.div (f64.mul (local.get $proven) (f64.const 2)) (f64.const 3))))
    (f64.store (i32.const 64)
      (f64.add
        (f64.add (local.get $absentAfter) (local.get $soldOut))
        (f64.div (local.get $proven) (f64.const 3))))
    (f64.store (i32.const 72) (local.get $hiddenAfter))
    (f64.store (i32.const 80) (local.get $sellingAfter))
    (local.set $scale (f64x2.splat (f64.div (f64.const 1) (f64.load (i32.const 96)))))
    (local.set $k (i32.const 0))
    (loop $normal
      (v128.store offset=12296 (local.get $k)
        (f64x2.mul (v128.load offset=12296 (local.get $k)) (local.get $scale)))
      (br_if $normal
        (i32.lt_u
          (local.tee $k (i32.add (local.get $k) (i32.const 16)))
          (i32.shl (local.get $cells) (i32.const 3)))))
    (if (result i32) (f64.gt (local.get $proven) (f64.load (i32.const 56)))
      (then
        (call $surplus
          (local.get $cells)
          (f64.div
            (f64.div (f64.mul (local.get $proven) (f64.const 2)) (f64.const 3))
            (f64.add (local.get $sellingAfter) (local.get $hiddenAfter)))))
      (else (local.get $cells))))

  ;; The support moves down by $by cells, but for a share $kept of it. Leaves the mass that is still present (at 96), that
  ;; reached zero (104), and that had too few units (112).
  (func $shift (param $by i32) (param $cells i32) (param $kept f64)
    (local $at i32) (local $ahead i32) (local $last i32) (local $end i32) (local $value v128) (local $present v128)
    (local $short f64) (local $moves v128) (local $keeps v128)
    (f64.store (i32.const 96) (f64.const 1))
    (f64.store (i32.const 104) (f64.const 0))
    (f64.store (i32.const 112) (f64.const 0))
    (if (i32.eqz (local.get $by)) (then (return)))
    (local.set $end (i32.shl (local.get $cells) (i32.const 3)))
    (local.set $ahead (i32.shl (local.get $by) (i32.const 3)))
    (block $counted
      (loop $count
        (br_if $counted (i32.ge_s (local.get $at) (local.get $end)))
        (br_if $counted (i32.ge_s (local.get $at) (i32.sub (local.get $ahead) (i32.const 8))))
        (local.set $short (f64.add (local.get $short) (f64.load offset=12296 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $count)))
    (f64.store (i32.const 112) (local.get $short))
    (if (i32.le_s (local.get $by) (local.get $cells))
      (then
        (f64.store (i32.const 104)
          (f64.mul
            (f64.sub (f64.const 1) (local.get $kept))
            (f64.load offset=12288 (local.get $ahead))))))
    ;; Nothing lies beyond the top: pairs may reach one cell over it.
    (f64.store offset=12296 (local.get $end) (f64.const 0))
    (local.set $moves (f64x2.splat (f64.sub (f64.const 1) (local.get $kept))))
    (local.set $keeps (f64x2.splat (local.get $kept)))
    (local.set $last (i32.sub (local.get $end) (local.get $ahead)))
    (local.set $at (i32.const 0))
    (block $moved
      (loop $move
        (br_if $moved (i32.ge_s (local.get $at) (local.get $last)))
        (local.set $value
          (f64x2.add
            (f64x2.mul
              (local.get $moves)
              (v128.load offset=12296 (i32.add (local.get $at) (local.get $ahead))))
            (f64x2.mul (local.get $keeps) (v128.load offset=12296 (local.get $at)))))
        (v128.store offset=12296 (local.get $at) (local.get $value))
        (local.set $present (f64x2.add (local.get $present) (local.get $value)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $move)))
    (block $left
      (loop $keep
        (br_if $left (i32.ge_s (local.get $at) (local.get $end)))
        (local.set $value (f64x2.mul (local.get $keeps) (v128.load offset=12296 (local.get $at))))
        (v128.store offset=12296 (local.get $at) (local.get $value))
        (local.set $present (f64x2.add (local.get $present) (local.get $value)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $keep)))
    (f64.store (i32.const 96) (call $sum2 (local.get $present)))))
