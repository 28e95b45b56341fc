import { createRandom, shuffle } from '../../random.ts'

/** Row numbers in the order of an epoch, which hangs on seed and epoch alone. */
export const shuffled = (rows: number, seed: number, epoch: number): Int32Array => {
  // The seed's own first draw takes the low 32 bits, the epoch the high ones.
  const random = createRandom(Math.floor(createRandom(seed)() * 2 ** 32) + 2 ** 32 * (epoch + 1))
  return shuffle(
    Int32Array.from({ length: rows }, (_, row) => row),
    random,
  )
}
