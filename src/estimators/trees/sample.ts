import { createRandom, type Random } from '../../random.ts'

/** Draws of one round; the same seed and round give the same ones after any number of pauses. */
export const randomOf = (seed: number, round: number, stream = 0): Random =>
  // Odd constants of splitmix64 and PCG spread neighbouring seeds and rounds over the 53 bits.
  createRandom(
    (Math.imul(seed, 0x9e3779b1) >>> 0) + ((Math.imul(round * 4 + stream + 1, 0x85ebca6b) ^ seed) & 0x1fffff) * 2 ** 32,
  )

/** `count` of [0, n), in order. Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S. */
export const draw = (random: Random, n: number, count: number): Uint32Array => {
  const drawn = new Uint32Array(count)
  let chosen = 0
  for (let i = 0; chosen < count; i++) if ((n - i) * random() < count - chosen) drawn[chosen++] = i
  return drawn
}

/** How often each of n rows is drawn in n draws with replacement. */
export const bootstrapCounts = (random: Random, n: number): Float64Array => {
  const counts = new Float64Array(n)
  for (let k = 0; k < n; k++) counts[Math.floor(random() * n)]! += 1
  return counts
}
