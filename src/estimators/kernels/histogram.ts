// Histograms of integers: sums do not hang on their order, so that any number of threads gives the same bits.
// narrow: one i64 a row or bin, rows in the upper bits and the gradient in the lower `shift`, where the hessian is constant.
// wide: i64x2, the gradient and (rows in the upper bits, the hessian in the lower `shift`).
// Four features lie beside each other as four bytes a row; 256 bins a feature, the last one for missing values.

// The four bytes of `bins`, each times the 8 or 16 bytes of a bin; offsets stand in the instruction, which needs literals.
// @ts-ignore: decorator
@inline
function firstFourNarrow(bins: u32, hist: usize, v: i64): void {
  const p0 = hist + ((bins << 3) & 0x7f8)
  store<i64>(p0, load<i64>(p0) + v)
  const p1 = hist + ((bins >> 5) & 0x7f8)
  store<i64>(p1, load<i64>(p1, 2048) + v, 2048)
  const p2 = hist + ((bins >> 13) & 0x7f8)
  store<i64>(p2, load<i64>(p2, 4096) + v, 4096)
  const p3 = hist + ((bins >> 21) & 0x7f8)
  store<i64>(p3, load<i64>(p3, 6144) + v, 6144)
}

// @ts-ignore: decorator
@inline
function nextFourNarrow(bins: u32, hist: usize, v: i64): void {
  const p0 = hist + ((bins << 3) & 0x7f8)
  store<i64>(p0, load<i64>(p0, 8192) + v, 8192)
  const p1 = hist + ((bins >> 5) & 0x7f8)
  store<i64>(p1, load<i64>(p1, 10240) + v, 10240)
  const p2 = hist + ((bins >> 13) & 0x7f8)
  store<i64>(p2, load<i64>(p2, 12288) + v, 12288)
  const p3 = hist + ((bins >> 21) & 0x7f8)
  store<i64>(p3, load<i64>(p3, 14336) + v, 14336)
}

// @ts-ignore: decorator
@inline
function fourWide(bins: u32, hist: usize, v: v128): void {
  const p0 = hist + ((bins << 4) & 0xff0)
  v128.store(p0, i64x2.add(v128.load(p0), v))
  const p1 = hist + ((bins >> 4) & 0xff0)
  v128.store(p1, i64x2.add(v128.load(p1, 4096), v), 4096)
  const p2 = hist + ((bins >> 12) & 0xff0)
  v128.store(p2, i64x2.add(v128.load(p2, 8192), v), 8192)
  const p3 = hist + ((bins >> 20) & 0xff0)
  v128.store(p3, i64x2.add(v128.load(p3, 12288), v), 12288)
}

/** Eight features, of two groups of bins, of the rows at places [from, to): `sums` of the place lie in order. */
export function histogram8Narrow(one: usize, two: usize, rows: usize, from: i32, to: i32, sums: usize, hist: usize): void {
  for (let i = from; i < to; i++) {
    const r = <usize>load<u32>(rows + (<usize>i << 2)) << 2
    const v = load<i64>(sums + (<usize>i << 3))
    firstFourNarrow(load<u32>(one + r), hist, v)
    nextFourNarrow(load<u32>(two + r), hist, v)
  }
}

export function histogram4Narrow(bins: usize, rows: usize, from: i32, to: i32, sums: usize, hist: usize): void {
  for (let i = from; i < to; i++) {
    const r = <usize>load<u32>(rows + (<usize>i << 2)) << 2
    firstFourNarrow(load<u32>(bins + r), hist, load<i64>(sums + (<usize>i << 3)))
  }
}

export function histogram4Wide(bins: usize, rows: usize, from: i32, to: i32, sums: usize, hist: usize): void {
  for (let i = from; i < to; i++) {
    const r = <usize>load<u32>(rows + (<usize>i << 2)) << 2
    fourWide(load<u32>(bins + r), hist, v128.load(sums + (<usize>i << 4)))
  }
}

/** One feature: the byte at `bins` + 4 x row. */
export function histogram1Narrow(bins: usize, rows: usize, from: i32, to: i32, sums: usize, hist: usize): void {
  for (let i = from; i < to; i++) {
    const r = <usize>load<u32>(rows + (<usize>i << 2)) << 2
    const at = hist + (<usize>load<u8>(bins + r) << 3)
    store<i64>(at, load<i64>(at) + load<i64>(sums + (<usize>i << 3)))
  }
}

/** One feature: the byte at `bins` + 4 x row. */
export function histogram1Wide(bins: usize, rows: usize, from: i32, to: i32, sums: usize, hist: usize): void {
  for (let i = from; i < to; i++) {
    const r = <usize>load<u32>(rows + (<usize>i << 2)) << 2
    const at = hist + (<usize>load<u8>(bins + r) << 4)
    v128.store(at, i64x2.add(v128.load(at), v128.load(sums + (<usize>i << 4))))
  }
}

export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes)
}

export function copy(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes)
}

/** a -= b over `bytes`, a multiple of 16. */
export function subtract(a: usize, b: usize, bytes: usize): void {
  const end = a + bytes
  for (; a < end; a += 16, b += 16) v128.store(a, i64x2.sub(v128.load(a), v128.load(b)))
}

/** out[i] = sums[rows[i]] for the places [from, to). */
export function gatherNarrow(sums: usize, rows: usize, from: i32, to: i32, out: usize): void {
  for (let i = from; i < to; i++) {
    store<i64>(out + (<usize>i << 3), load<i64>(sums + (<usize>load<u32>(rows + (<usize>i << 2)) << 3)))
  }
}

export function gatherWide(sums: usize, rows: usize, from: i32, to: i32, out: usize): void {
  for (let i = from; i < to; i++) {
    v128.store(out + (<usize>i << 4), v128.load(sums + (<usize>load<u32>(rows + (<usize>i << 2)) << 4)))
  }
}

/** Sums of the bin of missing values as numbers: gradient, hessian and rows at `at`, `at` + 2048 and `at` + 4096. */
// @ts-ignore: decorator
@inline
export function missingSums(narrow: i32, shift: i32, hist: usize, at: usize): void {
  const lower = <i64>shift
  if (narrow) {
    const missing = load<i64>(hist, 2040)
    const g = (missing << (64 - lower)) >> (64 - lower)
    store<f64>(at, <f64>g)
    store<f64>(at, <f64><i64>((missing - g) >>> lower), 4096)
  } else {
    const packed = load<i64>(hist, 4088)
    store<f64>(at, <f64>load<i64>(hist, 4080))
    store<f64>(at, <f64>(packed & ((<i64>1 << lower) - 1)), 2048)
    store<f64>(at, <f64>(packed >> lower), 4096)
  }
}

/**
 * Running sums of a feature's bins [0, count) as numbers, with the bin of missing values apart at `count`:
 * gradients, hessians and rows, f64[256] each at `out`, `out` + 2048 and `out` + 4096; narrow ones have no hessians.
 */
export function runningNarrow(hist: usize, count: i32, shift: i32, out: usize): void {
  const lower = <i64>shift
  const up = 64 - lower
  let sum: i64 = 0
  for (let k = 0; k < count; k++) {
    sum += load<i64>(hist + (<usize>k << 3))
    const g = (sum << up) >> up
    const at = out + (<usize>k << 3)
    store<f64>(at, <f64>g)
    store<f64>(at, <f64><i64>((sum - g) >>> lower), 4096)
  }
  missingSums(1, shift, hist, out + (<usize>count << 3))
}

export function runningWide(hist: usize, count: i32, shift: i32, out: usize): void {
  const upper = <i64>shift
  const low = (<i64>1 << upper) - 1
  let sums = i64x2.splat(0)
  for (let k = 0; k < count; k++) {
    sums = i64x2.add(sums, v128.load(hist + (<usize>k << 4)))
    const packed = i64x2.extract_lane(sums, 1)
    const at = out + (<usize>k << 3)
    store<f64>(at, <f64>i64x2.extract_lane(sums, 0))
    store<f64>(at, <f64>(packed & low), 2048)
    store<f64>(at, <f64>(packed >> upper), 4096)
  }
  missingSums(0, shift, hist, out + (<usize>count << 3))
}
