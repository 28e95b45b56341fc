// Passes over rows: binning, gradients, dividing the rows of a node, adding the values of leaves.

/** Order of doubles as order of unsigned integers. */
// @ts-ignore: decorator
@inline
function keyOf(bits: u64): u64 {
  return bits ^ (<u64>(<i64>bits >> 63) | 0x8000000000000000)
}

// @ts-ignore: decorator
@inline
function bitsOf(key: u64): u64 {
  return key ^ (<u64>(<i64>~key >> 63) | 0x8000000000000000)
}

const digitBits: u64 = 11
const digits: usize = 1 << 11

/**
 * Sorts f64[n] at `values` upwards, without missing ones; `other` is as large, `counts` u32[6 x 2048]. Answers where the
 * result lies. Radix sort by 11 bits; digits that all values share, as the low ones of float32 values, cost nothing.
 */
export function sort(values: usize, n: usize, other: usize, counts: usize): usize {
  memory.fill(counts, 0, digits * 6 * 4)
  for (let i: usize = 0; i < n; i++) {
    const at = values + (i << 3)
    const key = keyOf(load<u64>(at))
    store<u64>(at, key)
    for (let d: usize = 0; d < 6; d++) {
      const count = counts + (((d << 11) + <usize>((key >> (<u64>d * digitBits)) & 2047)) << 2)
      store<u32>(count, load<u32>(count) + 1)
    }
  }
  for (let d: usize = 0; d < 6; d++) {
    const table = counts + (d << 13)
    const first = <usize>((load<u64>(values) >> (<u64>d * digitBits)) & 2047)
    if (load<u32>(table + (first << 2)) == <u32>n) continue
    let sum: u32 = 0
    for (let k: usize = 0; k < digits; k++) {
      const c = load<u32>(table + (k << 2))
      store<u32>(table + (k << 2), sum)
      sum += c
    }
    for (let i: usize = 0; i < n; i++) {
      const key = load<u64>(values + (i << 3))
      const place = table + (<usize>((key >> (<u64>d * digitBits)) & 2047) << 2)
      const to = load<u32>(place)
      store<u32>(place, to + 1)
      store<u64>(other + (<usize>to << 3), key)
    }
    const swap = values
    values = other
    other = swap
  }
  for (let i: usize = 0; i < n; i++) store<u64>(values + (i << 3), bitsOf(load<u64>(values + (i << 3))))
  return values
}

// @ts-ignore: decorator
@inline
function above(v: f64, edges: usize, place: u32, step: u32): u32 {
  return place + (u32(v > load<f64>(edges + (<usize>(place + step - 1) << 3))) * step)
}

/** Number of the first of 255 edges, padded with infinity, that is not below v; 255 for a missing one. */
// @ts-ignore: decorator
@inline
function binOf(v: f64, edges: usize): u32 {
  let place = above(v, edges, 0, 128)
  place = above(v, edges, place, 64)
  place = above(v, edges, place, 32)
  place = above(v, edges, place, 16)
  place = above(v, edges, place, 8)
  place = above(v, edges, place, 4)
  place = above(v, edges, place, 2)
  place = above(v, edges, place, 1)
  return select<u32>(255, place, v != v)
}

/** Bins of feature j of `rows` rows of f64[columns] at `block` -> the byte at `out` + 4 x row. */
export function bin(block: usize, rows: i32, columns: i32, j: i32, edges: usize, out: usize): void {
  const stride = <usize>columns << 3
  let at = block + (<usize>j << 3)
  for (let i = 0; i < rows; i++, at += stride) store<u8>(out + (<usize>i << 2), <u8>binOf(load<f64>(at), edges))
}

/** Bins of level numbers: places u8[levels]. */
export function binLevels(block: usize, rows: i32, columns: i32, j: i32, places: usize, out: usize): void {
  const stride = <usize>columns << 3
  let at = block + (<usize>j << 3)
  for (let i = 0; i < rows; i++, at += stride) {
    const v = load<f64>(at)
    const place: u32 = v == v ? <u32>load<u8>(places + <usize>v) : 255
    store<u8>(out + (<usize>i << 2), <u8>place)
  }
}

// e^x of two numbers to 1e-14 of it: 2^k times the series of e^r up to r^11 / 11!, |r| <= ln 2 / 2.
// Arithmetic only, so that every machine gives the same bits.
// @ts-ignore: decorator
@inline
function exp2(x: v128): v128 {
  const clamped = f64x2.min(f64x2.max(x, f64x2.splat(-708)), f64x2.splat(709))
  const k = f64x2.nearest(f64x2.mul(clamped, f64x2.splat(1.4426950408889634)))
  let r = f64x2.sub(clamped, f64x2.mul(k, f64x2.splat(6.93147180369123816490e-1)))
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(1.90821492927058770002e-10)))
  let p = f64x2.splat(2.505210838544172e-8)
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.755731922398589e-7))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.755731922398589e-6))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.48015873015873e-5))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.984126984126984e-4))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.388888888888889e-3))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(8.333333333333333e-3))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(4.1666666666666664e-2))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.6666666666666666e-1))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1))
  // 2^k by the exponent's bits; k fits into 32.
  const power = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k)), i64x2.splat(1023)), 52)
  return f64x2.mul(p, power)
}

/** out[i] = e^x[i] for i in [from, to), an even number of places from an even one. */
export function exponentials(x: usize, from: i32, to: i32, out: usize): void {
  for (let i = from; i < to; i += 2) v128.store(out + (<usize>i << 3), exp2(v128.load(x + (<usize>i << 3))))
}

/**
 * Log loss of rows [from, to): margins F, classes y (0 or 1) -> p - y and p (1 - p). The product of the right classes'
 * probabilities is left at `out` as f64 m and e with the product m x 2^e: its logarithm is the loss, with one call a block.
 */
export function logistic(F: usize, y: usize, from: i32, to: i32, g: usize, h: usize, out: usize): void {
  const one = f64x2.splat(1)
  let product = one
  let exponents = i64x2.splat(0)
  for (let i = from; i < to; i += 2) {
    const at = <usize>i << 3
    const p = f64x2.div(one, f64x2.add(one, exp2(f64x2.neg(v128.load(F + at)))))
    const error = f64x2.sub(p, v128.load(y + at))
    v128.store(g + at, error)
    v128.store(h + at, f64x2.mul(p, f64x2.sub(one, p)))
    // 1 - |p - y| is the right class's probability; at least 1e-16, so that 16 of them stay above 1e-308.
    let right = f64x2.max(f64x2.sub(one, f64x2.abs(error)), f64x2.splat(1e-16))
    if (i + 1 == to) right = f64x2.replace_lane(right, 1, 1)
    product = f64x2.mul(product, right)
    if (((i - from) & 31) == 30) {
      exponents = i64x2.add(exponents, i64x2.sub(i64x2.shr_u(product, 52), i64x2.splat(1023)))
      product = v128.or(v128.and(product, i64x2.splat(0x000fffffffffffff)), one)
    }
  }
  store<f64>(out, f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1))
  store<f64>(out, <f64>(i64x2.extract_lane(exponents, 0) + i64x2.extract_lane(exponents, 1)), 8)
}

/** r = F - y into g for rows [from, to); answers the sum of their squares. */
export function residuals(F: usize, y: usize, from: i32, to: i32, g: usize): f64 {
  let sum = f64x2.splat(0)
  let i = from
  for (; i + 1 < to; i += 2) {
    const at = <usize>i << 3
    const r = f64x2.sub(v128.load(F + at), v128.load(y + at))
    v128.store(g + at, r)
    sum = f64x2.add(sum, f64x2.mul(r, r))
  }
  let all = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
  if (i < to) {
    const at = <usize>i << 3
    const r = load<f64>(F + at) - load<f64>(y + at)
    store<f64>(g + at, r)
    all += r * r
  }
  return all
}

/** Largest |x[i]|, i in [from, to). */
export function largest(x: usize, from: i32, to: i32): f64 {
  let most = f64x2.splat(0)
  let i = from
  for (; i + 1 < to; i += 2) most = f64x2.max(most, f64x2.abs(v128.load(x + (<usize>i << 3))))
  let all = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))
  if (i < to) all = max(all, abs(load<f64>(x + (<usize>i << 3))))
  return all
}

/** sums[i] = 1 row and round(g x scale). */
export function packNarrow(g: usize, from: i32, to: i32, scale: f64, shift: i32, out: usize): void {
  const row = <i64>1 << <i64>shift
  for (let i = from; i < to; i++) {
    const at = <usize>i << 3
    store<i64>(out + at, row + <i64>nearest(load<f64>(g + at) * scale))
  }
}

export function packWide(g: usize, h: usize, from: i32, to: i32, gScale: f64, hScale: f64, shift: i32, out: usize): void {
  const row = <i64>1 << <i64>shift
  for (let i = from; i < to; i++) {
    const at = <usize>i << 3
    store<i64>(out + (at << 1), <i64>nearest(load<f64>(g + at) * gScale))
    store<i64>(out + (at << 1), row + <i64>nearest(load<f64>(h + at) * hScale), 8)
  }
}

/**
 * Rows of places [from, to) by sides[bin], 1 for left: left ones to tmp from `from` upwards, the others from `to`
 * downwards. Answers the number of left ones. Without a branch: half of them would be guessed wrong.
 */
export function divide(bins: usize, rows: usize, tmp: usize, from: i32, to: i32, sides: usize): i32 {
  let low = from
  let high = to - 1
  for (let i = from; i < to; i++) {
    const r = load<u32>(rows + (<usize>i << 2))
    const left = <i32>load<u8>(sides + <usize>load<u8>(bins + (<usize>r << 2)))
    store<u32>(tmp + (<usize>low << 2), r)
    store<u32>(tmp + (<usize>high << 2), r)
    low += left
    high -= 1 - left
  }
  return low - from
}

/** rows[to - 1 - i] -> the other way round: `count` of them from tmp[last] downwards to rows[at] upwards. */
export function placeReversed(tmp: usize, last: i32, count: i32, rows: usize, at: i32): void {
  for (let i = 0; i < count; i++) {
    store<u32>(rows + (<usize>(at + i) << 2), load<u32>(tmp + (<usize>(last - i) << 2)))
  }
}

/** F[rows[i]] += value for places [from, to). */
export function addToRows(F: usize, rows: usize, from: i32, to: i32, value: f64): void {
  for (let i = from; i < to; i++) {
    const at = F + (<usize>load<u32>(rows + (<usize>i << 2)) << 3)
    store<f64>(at, load<f64>(at) + value)
  }
}

/**
 * F[i] += value of the leaf that row i falls into, rows [from, to), by their bins. A node is 16 bytes: the address of its
 * feature's bins, left and right (node numbers, ~leaf below 0), 4 bytes unused; at `sides` + 256 x node lie u8[256], 1 for
 * a bin that goes left. Leaves' values are f64 at `values`.
 */
export function route(nodes: usize, sides: usize, values: usize, from: i32, to: i32, F: usize): void {
  for (let i = from; i < to; i++) {
    let node: i32 = 0
    do {
      const at = nodes + (<usize>node << 4)
      const b = <usize>load<u8>(<usize>load<u32>(at) + (<usize>i << 2))
      const left = load<u8>(sides + (<usize>node << 8) + b)
      node = select<i32>(load<i32>(at, 4), load<i32>(at, 8), left != 0)
    } while (node >= 0)
    const place = F + (<usize>i << 3)
    store<f64>(place, load<f64>(place) + load<f64>(values + (<usize>~node << 3)))
  }
}
