// The best threshold of one feature: by the histogram of a node, or, where the node has few rows, by the rows themselves.
// Both answer the same bits: a bin without rows has the sums of the bin before it, whose cut is the first of equal ones.
import { missingSums, runningNarrow, runningWide } from './histogram.ts'

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
 * The best cut at running sums of `places` places, those of missing values behind them: maximises
 * left² / (hessian + l2) + right² / (hessian + l2) above that of the node itself by more than `floor`, sides with too few
 * rows or too small a hessian left out. Missing values go to either side, where a node has none to its larger side. Writes
 * f64 gain, place, 1 for missing left, and gradient, hessian and rows of the left and of the right side to `result` and
 * answers 1, or answers 0.
 */
function thresholdAt(
  sums: usize, hessians: usize, places: i32, gScale: f64, hScale: f64, l2: f64,
  minRows: f64, minHessian: f64, floor: f64, result: usize,
): i32 {
  const out = sums + 6144
  const last = <usize>(places - 1) << 3
  const none = <usize>places << 3
  const mg = load<f64>(sums + none), mh = load<f64>(hessians + none), mc = load<f64>(sums + none, 4096)
  const G = load<f64>(sums + last) + mg, H = load<f64>(hessians + last) + mh, C = load<f64>(sums + last, 4096) + mc
  if (C < 2 * minRows) return 0
  const g = G * gScale
  const parent = g * g / (H * hScale + l2)
  // No cut is worth less than what rounding may make of nothing.
  let most = parent + max(floor, parent * 1e-12)
  const right = bestCut(sums, hessians, mc > 0 ? places : places - 1, G, H, C, 0, 0, 0, gScale, hScale, l2, minRows, minHessian, most, out)
  let cut = right
  let missing: f64 = 0
  if (right >= 0) most = load<f64>(out + (<usize>right << 3))
  if (mc > 0) {
    const left = bestCut(sums, hessians, places - 1, G, H, C, mg, mh, mc, gScale, hScale, l2, minRows, minHessian, most, out)
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

/** `thresholdAt` the `bins` bins of a histogram. */
export function threshold(
  hist: usize, bins: i32, narrow: i32, shift: i32, gScale: f64, hScale: f64, l2: f64,
  minRows: f64, minHessian: f64, floor: f64, sums: usize, result: usize,
): i32 {
  if (narrow) runningNarrow(hist, bins, shift, sums)
  else runningWide(hist, bins, shift, sums)
  const hessians = narrow ? sums + 4096 : sums + 2048
  return thresholdAt(sums, hessians, bins, gScale, hScale, l2, minRows, minHessian, floor, result)
}

/** Bins of the rows at places [from, to): their sums are added in `hist`, and `seen` is 1 for each. */
// @ts-ignore: decorator
@inline
function addRows(bins: usize, rows: usize, from: i32, to: i32, sums: usize, narrow: i32, hist: usize, seen: usize): void {
  for (let i = from; i < to; i++) {
    const bin = <usize>load<u8>(bins + (<usize>load<u32>(rows + (<usize>i << 2)) << 2))
    store<u8>(seen + bin, 0xff)
    if (narrow) {
      const at = hist + (bin << 3)
      store<i64>(at, load<i64>(at) + load<i64>(sums + (<usize>i << 3)))
    } else {
      const at = hist + (bin << 4)
      v128.store(at, i64x2.add(v128.load(at), v128.load(sums + (<usize>i << 4))))
    }
  }
}

/**
 * `threshold` of a feature, whose bytes are at `bins` + 4 x row, by the rows at places [from, to) of a node with fewer of
 * them than bins: only bins that a row has are looked at. `room` is u8[256] and i64[512] of zeros, which it leaves as zeros.
 */
export function thresholdOfRows(
  bins: usize, count: i32, rows: usize, from: i32, to: i32, packed: usize, narrow: i32, shift: i32,
  gScale: f64, hScale: f64, l2: f64, minRows: f64, minHessian: f64, floor: f64, sums: usize, room: usize, result: usize,
): i32 {
  const places = sums + 8192
  const hist = room + 256
  addRows(bins, rows, from, to, packed, narrow, hist, room)
  const lower = <i64>shift
  const up = 64 - lower
  const low = (<i64>1 << lower) - 1
  // The first bin is a place in any case: missing values may be cut from all others before it.
  store<u8>(room, 0xff)
  let place: usize = 0
  let sum: i64 = 0
  let wide = i64x2.splat(0)
  for (let start = 0; start < count; start += 16) {
    const chunk = room + <usize>start
    let bits = <u32>i8x16.bitmask(v128.load(chunk))
    if (bits == 0) continue
    // The byte of missing values may lie in the last chunk.
    if (start == 240) bits &= 0x7fff
    v128.store(chunk, i64x2.splat(0))
    for (; bits != 0; bits &= bits - 1, place++) {
      const bin = <usize>start + <usize>ctz(bits)
      const at = sums + (place << 3)
      store<u8>(places + place, <u8>bin)
      if (narrow) {
        const own = hist + (bin << 3)
        sum += load<i64>(own)
        store<i64>(own, 0)
        const g = (sum << up) >> up
        store<f64>(at, <f64>g)
        store<f64>(at, <f64><i64>((sum - g) >>> lower), 4096)
      } else {
        const own = hist + (bin << 4)
        wide = i64x2.add(wide, v128.load(own))
        v128.store(own, i64x2.splat(0))
        const second = i64x2.extract_lane(wide, 1)
        store<f64>(at, <f64>i64x2.extract_lane(wide, 0))
        store<f64>(at, <f64>(second & low), 2048)
        store<f64>(at, <f64>(second >> lower), 4096)
      }
    }
  }
  missingSums(narrow, shift, hist, sums + (place << 3))
  store<u8>(room, 0, 255)
  if (narrow) store<i64>(hist, 0, 2040)
  else v128.store(hist, i64x2.splat(0), 4080)
  const hessians = narrow ? sums + 4096 : sums + 2048
  if (thresholdAt(sums, hessians, <i32>place, gScale, hScale, l2, minRows, minHessian, floor, result) == 0) return 0
  store<f64>(result, <f64>load<u8>(places + <usize>load<f64>(result, 8)), 8)
  return 1
}
