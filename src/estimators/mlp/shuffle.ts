import { createRandom } from '../../random.ts'

/** Row numbers in the order of an epoch, which hangs on seed and epoch alone (Fisher & Yates). */
export const shuffled = (rows: number, seed: number, epoch: number): Int32Array => {
  // The seed's own first draw takes the low 32 bits, the epoch the high ones.
  const random = createRandom(Math.floor(createRandom(seed)() * 2 ** 32) + 2 ** 32 * (epoch + 1))
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  for (let i = rows - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
