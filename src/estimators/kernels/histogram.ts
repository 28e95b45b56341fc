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
  const missing = load<i64>(hist + 255 * 8)
  const g = (missing << up) >> up
  const at = out + (<usize>count << 3)
  store<f64>(at, <f64>g)
  store<f64>(at, <f64><i64>((missing - g) >>> lower), 4096)
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
  const packed = load<i64>(hist + 255 * 16 + 8)
  const at = out + (<usize>count << 3)
  store<f64>(at, <f64>load<i64>(hist + 255 * 16))
  store<f64>(at, <f64>(packed & low), 2048)
  store<f64>(at, <f64>(packed >> upper), 4096)
}

/** Number of the cut, after its bin, with the largest gain above `floor`; -1 when there is none. Gains go to `out`. */
// @ts-ignore: decorator
@inline
function bestCut(
  sums: usize, hessians: usize, cuts: i32, G: f64, H: f64, C: f64, mg: f64, mh: f64, mc: f64,
  gScale: f64, hScale: f64, l2: f64, minRows: f64, minHessian: f64, floor: f64, out: usize,
): i32 {
  const total = f64x2.splat(G * gScale), all = f64x2.splat(H * hScale), count = f64x2.splat(C)
  const addG = f64x2.splat(mg), addH = f64x2.splat(mh), addC = f64x2.splat(mc)
  const gs = f64x2.splat(gScale), hs = f64x2.splat(hScale), l = f64x2.splat(l2)
  const rows = f64x2.splat(minRows), hessian = f64x2.splat(minHessian)
  let best = f64x2.splat(floor)
  for (let k = 0; k < cuts; k += 2) {
    const at = <usize>k << 3
    const cl = f64x2.add(v128.load(sums + 4096 + at), addC)
    const gl = f64x2.mul(f64x2.add(v128.load(sums + at), addG), gs)
    const hl = f64x2.mul(f64x2.add(v128.load(hessians + at), addH), hs)
    const gr = f64x2.sub(total, gl)
    const hr = f64x2.sub(all, hl)
    const fits = v128.and(
      v128.and(f64x2.ge(cl, rows), f64x2.ge(f64x2.sub(count, cl), rows)),
      v128.and(f64x2.ge(hl, hessian), f64x2.ge(hr, hessian)),
    )
    const left = f64x2.add(hl, l), right = f64x2.add(hr, l)
    const gain = v128.and(
      f64x2.div(
        f64x2.add(f64x2.mul(f64x2.mul(gl, gl), right), f64x2.mul(f64x2.mul(gr, gr), left)),
        f64x2.mul(left, right),
      ),
      fits,
    )
    v128.store(out + at, gain)
    // The place behind an odd number of cuts holds the missing bin's sums or those of an earlier feature: no cut.
    best = f64x2.pmax(best, k + 1 < cuts ? gain : f64x2.replace_lane(gain, 1, 0))
  }
  const most = max(f64x2.extract_lane(best, 0), f64x2.extract_lane(best, 1))
  if (!(most > floor)) return -1
  for (let k = 0; k < cuts; k++) if (load<f64>(out + (<usize>k << 3)) == most) return k
  return -1
}

/**
 * The best threshold of one feature of `bins` bins: maximises left² / (hessian + l2) + right² / (hessian + l2) above that
 * of the node itself by more than `floor`, sides with too few rows or too small a hessian left out. Missing values go
 * to either side, where a node has none to its larger side. Writes f64 gain, bin, 1 for missing left, and gradient,
 * hessian and rows of the left and of the right side to `result` and answers 1, or answers 0.
 */
export function threshold(
  hist: usize, bins: i32, narrow: i32, shift: i32, gScale: f64, hScale: f64, l2: f64,
  minRows: f64, minHessian: f64, floor: f64, sums: usize, result: usize,
): i32 {
  if (narrow) runningNarrow(hist, bins, shift, sums)
  else runningWide(hist, bins, shift, sums)
  const hessians = narrow ? sums + 4096 : sums + 2048
  const out = sums + 6144
  const last = <usize>(bins - 1) << 3
  const none = <usize>bins << 3
  const mg = load<f64>(sums + none), mh = load<f64>(hessians + none), mc = load<f64>(sums + none, 4096)
  const G = load<f64>(sums + last) + mg, H = load<f64>(hessians + last) + mh, C = load<f64>(sums + last, 4096) + mc
  if (C < 2 * minRows) return 0
  const g = G * gScale
  const parent = g * g / (H * hScale + l2)
  // No cut is worth less than what rounding may make of nothing.
  let most = parent + max(floor, parent * 1e-12)
  const right = bestCut(sums, hessians, mc > 0 ? bins : bins - 1, G, H, C, 0, 0, 0, gScale, hScale, l2, minRows, minHessian, most, out)
  let cut = right
  let missing: f64 = 0
  if (right >= 0) most = load<f64>(out + (<usize>right << 3))
  if (mc > 0) {
    const left = bestCut(sums, hessians, bins - 1, G, H, C, mg, mh, mc, gScale, hScale, l2, minRows, minHessian, most, out)
    if (left >= 0) {
      most = load<f64>(out + (<usize>left << 3))
      cut = left
      missing = 1
    }
  }
  if (cut < 0) return 0
  const at = <usize>cut << 3
  const gl = load<f64>(sums + at) + missing * mg
  const hl = load<f64>(hessians + at) + missing * mh
  const cl = load<f64>(sums + at, 4096) + missing * mc
  store<f64>(result, most - parent)
  store<f64>(result, <f64>cut, 8)
  store<f64>(result, mc > 0 ? missing : <f64>(cl >= C - cl), 16)
  store<f64>(result, gl * gScale, 24)
  store<f64>(result, hl * hScale, 32)
  store<f64>(result, cl, 40)
  store<f64>(result, (G - gl) * gScale, 48)
  store<f64>(result, (H - hl) * hScale, 56)
  store<f64>(result, C - cl, 64)
  return 1
}
