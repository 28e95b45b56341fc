import { createRandom } from '../../src/random.ts'
import { features } from './tree-model.ts'

const decimals = 6

/** Rows in [-1, 1) with six decimals, as a table of measurements has them; the same for the same seed. */
export const randomRows = (rows: number, seed = 1): readonly (readonly number[])[] => {
  const random = createRandom(seed)
  const value = (): number => Number((random() * 2 - 1).toFixed(decimals))
  return Array.from({ length: rows }, () => Array.from({ length: features }, value))
}
