import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../src/random.ts'

/** A made-up table with 20 % more rows behind those that are learned from, for scores. */
export type MadeTable = {
  readonly rows: number
  readonly columns: number
  readonly task: 'regression' | 'binary'
  readonly values: Float64Array
  readonly y: Float64Array
}

/** Friedman's first function and a few linear terms with noise, or its two classes; features are float32 numbers. */
export const madeTable = (rows: number, columns: number, task: MadeTable['task']): MadeTable => {
  const random = createRandom(columns)
  const all = Math.round(rows * 1.2)
  const values = Float64Array.from({ length: all * columns }, () => Math.fround(random()))
  const y = new Float64Array(all)
  for (let i = 0; i < all; i++) {
    const x = values.subarray(i * columns, (i + 1) * columns)
    let sum = 10 * Math.sin(Math.PI * x[0]! * x[1]!) + 20 * (x[2]! - 0.5) ** 2 + 10 * x[3]! + 5 * x[4]!
    for (let j = 5; j < 20; j++) sum += (j % 3) * x[j]!
    // Twelve uniform numbers less six are nearly normal.
    let noise = -6
    for (let k = 0; k < 12; k++) noise += random()
    y[i] = task === 'regression' ? sum + 2 * noise : Number(sum + 3 * noise > 22)
  }
  return { rows, columns, task, values, y }
}

/** Writes the table for bench/peers/trees.py. */
export const writeTable = (folder: string, { values, y }: MadeTable): void => {
  writeFileSync(join(folder, 'X.f64'), new Uint8Array(values.buffer))
  writeFileSync(join(folder, 'y.f64'), new Uint8Array(y.buffer))
}
