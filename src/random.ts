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
