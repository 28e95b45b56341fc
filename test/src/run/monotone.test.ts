import { expect, test } from 'vitest'
import { type Cell, columnsToTensors } from '../../../src/dataset/codec.ts'
import { checkMonotone } from '../../../src/run/check-monotone.ts'
import { byName, readTable, runGraph, trainOn } from '../../fixtures/learning.ts'

const target = 'Miles_per_Gallon'
const table = readTable('cars.train.csv')
const columns: Readonly<Record<string, { readonly drop: boolean }>> = { Name: { drop: true } }
const steps = 60

/** Predictions of some cars with `column` swept over its range, by the exported graph: a row of steps for each car. */
const swept = async (column: string, low: number, high: number, hyper: object) => {
  const { bytes, manifest } = await trainOn(table, { target, algorithm: 'gbdt', columns, hyper })
  const cars = [3, 77, 150, 260]
  const sweep = (cells: readonly Cell[], name: string): readonly Cell[] =>
    cars.flatMap((row) =>
      Array.from({ length: steps }, (_, at) =>
        name === column ? String(low + ((high - low) * at) / (steps - 1)) : cells[row],
      ),
    )
  const asked = Object.fromEntries(Object.entries(byName(table)).map(([name, cells]) => [name, sweep(cells, name)]))
  const [prediction] = await runGraph(bytes, columnsToTensors(manifest.codec, asked))
  const values = Array.from(prediction!.data as Float64Array) // FP64 by the export's contract
  return cars.map((_, car) => values.slice(car * steps, (car + 1) * steps))
}

const rises = (values: readonly number[]): boolean => values.every((value, at) => at === 0 || value >= values[at - 1]!)

test.for<[string, number, number, 1 | -1]>([
  ['Weight_in_lbs', 1600, 5200, -1],
  ['Horsepower', 40, 230, 1], // against what the cars say, so that the constraint alone can make it so
])('%s from %d to %d, monotone %d -> answers of the exported graph never move against it', async (given) => {
  const [column, low, high, sign] = given
  const along = (values: readonly number[]) => (sign > 0 ? values : values.toReversed())
  const free = await swept(column, low, high, { iterations: 30 })
  expect(free.map(along).every(rises)).toBe(false)
  const bound = await swept(column, low, high, { iterations: 30, monotone: { [column]: sign } })
  expect(bound.map(along).every(rises)).toBe(true)
})

test.for<[object, number, string]>([
  [{ weight: 1 }, 0, 'parameters.gbdt.monotone: expected columns among x, c, got weight'],
  [{ c: 1 }, 0, 'parameters.gbdt.monotone, column c: expected numbers, true and false, or an ordinal, got category'],
  [{ x: -1 }, 3, 'parameters.gbdt.monotone, column x: expected none for 3 classes'],
  [{ x: 2 }, 0, 'parameters.gbdt.monotone.x: '],
])('monotone %j with %d classes -> refused by name', ([monotone, classes, message]) => {
  const common = { missing: [] }
  const codec = {
    codecVersion: 1,
    columns: [
      { ...common, name: 'x', kind: 'numeric', datatype: 'FP32', decimal: '.' },
      { ...common, name: 'c', kind: 'category', datatype: 'BYTES' },
    ],
  } as unknown as Parameters<typeof checkMonotone>[1]
  expect(() => checkMonotone({ monotone }, codec, classes)).toThrow(message)
})
