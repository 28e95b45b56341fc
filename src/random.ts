/** Uniform in [0, 1). Has a life: each call moves it on. */
export type Random = () => number

const warmUpDraws = 12

/** sfc32 (Chris Doty-Humphrey, PractRand); the same seed gives the same numbers everywhere. */
export const createRandom = (seed: number): Random => {
  // The low and the high half of the seed, so that seeds beyond 32 bits differ too.
  let a = seed >>> 0
  let b = Math.floor(seed / 2 ** 32) >>> 0
  let c = 0x9e3779b9
  let counter = 1
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < warmUpDraws; i++) draw()
  return draw
}

type Order = { readonly length: number; [place: number]: number }

const swap = (order: Order, i: number, j: number): void => {
  const kept = order[i]!
  order[i] = order[j]!
  order[j] = kept
}

/** Puts all of them in an order of chance, in place (Fisher & Yates). */
export const shuffle = <Numbers extends Order>(order: Numbers, random: Random): Numbers => {
  for (let i = order.length - 1; i > 0; i--) swap(order, i, Math.floor(random() * (i + 1)))
  return order
}

/**
 * Moves `count` of them, drawn without replacement, to the front, in place: the first steps of a shuffle from that end, so
 * that few drawn with a seed are among many drawn with it.
 */
export const drawToFront = <Numbers extends Order>(order: Numbers, count: number, random: Random): Numbers => {
  for (let i = 0; i < count; i++) swap(order, i, i + Math.floor(random() * (order.length - i)))
  return order
}
