import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cell } from '../../../src/dataset/codec.ts'
import { asLevels } from '../../../src/dataset/column.ts'
import { countDuplicates, hashRows } from '../../../src/dataset/row-hash.ts'
import { type Split, splitRows } from '../../../src/dataset/split.ts'
import type { Table } from '../../../src/dataset/table.ts'
import { evenWeights } from '../../../src/metrics/measure.ts'
import { aucMeasure, rankRows } from '../../../src/metrics/ranking.ts'
import { createRandom } from '../../../src/random.ts'
import type { Prepared } from '../../../src/run/prepared.ts'
import { foldParts } from '../../../src/run/trials/folds.ts'
import { readTable } from '../../fixtures/learning.ts'

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest()

const allRows = (table: Table): Uint32Array => Uint32Array.from((table.columns[0] as readonly Cell[]).keys())

const split = (
  table: Table,
  how: Split,
  { seed = 0, y, isClass = false }: { seed?: number; y?: number[]; isClass?: boolean } = {},
) => {
  const rows = allRows(table)
  return splitRows(sha256)(table, rows, how, { y: Float64Array.from(y ?? rows), isClass }, 5, seed)
}

const cell = fc.oneof(fc.integer({ min: 0, max: 5 }).map(String), fc.constantFrom('a', 'b', '', 'NA', '1.50', ' x '))
const tableOf = (rows: readonly (readonly string[])[]): Table => ({
  names: ['a', 'b', 'g'],
  columns: [0, 1, 2].map((place) => rows.map((row) => row[place])),
})
const rowsArbitrary = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 60 })
/** Rows that do not repeat, whatever the spelling: the second number is their own. */
const distinctRows = rowsArbitrary.map((rows) => rows.map(([a, , g], i) => [a, `row ${i}`, g] as const))

test('a table and the same one with more rows, columns turned, another seed -> each row keeps its side', () => {
  fc.assert(
    fc.property(distinctRows, fc.nat({ max: 30 }), fc.nat(), fc.constantFrom(undefined, 'a'), (all, few, seed, key) => {
      const rows = all.slice(0, Math.max(1, few))
      const more = all.slice(rows.length)
      const how: Split = { method: 'random', ...(key !== undefined && { key }) }
      const before = split(tableOf(rows), how)
      const { names, columns } = tableOf([...rows, ...more])
      const later = split({ names: names.toReversed(), columns: columns.toReversed() }, how, { seed })
      expect(later.test.slice(0, rows.length)).toEqual(before.test)
    }),
  )
})

test.for<Split>([
  { method: 'random' },
  { method: 'random', key: 'a' },
  { method: 'stratified' },
  { method: 'stratified', key: 'a' },
])('$method by $key -> copies of a row on one side and in one fold', (how) => {
  fc.assert(
    fc.property(distinctRows, fc.nat({ max: 9 }), (rows, seed) => {
      const classes = rows.map(([a]) => ['a', 'b'].indexOf(a.trim()) + 1)
      const { test: sides, folds } = split(tableOf([...rows, ...rows]), how, {
        seed,
        y: [...classes, ...classes],
        isClass: true,
      })
      expect(sides.slice(rows.length)).toEqual(sides.slice(0, rows.length))
      expect(folds.slice(rows.length)).toEqual(folds.slice(0, rows.length))
    }),
  )
})

test('labels and weights -> no part of what decides side and fold', () => {
  const x = Array.from({ length: 300 }, (_, i) => `${i % 200}`)
  const sidesWith = (label: (row: number) => string) => {
    const table = { names: ['x', 'y'], columns: [x, x.map((_, row) => label(row))] }
    const target = { y: new Float64Array(300), isClass: true, apart: ['y'] }
    return splitRows(sha256)(table, allRows(table), { method: 'random' }, target, 5, 0)
  }
  expect(sidesWith((row) => `${row % 2}`)).toEqual(sidesWith(() => 'same'))
})

// Equal rows on one side by their label: a fold would learn of a category the opposite of what it holds (AUC .03).
test('1,000 categories with labels by chance, then six of them -> their means tell nothing of held rows; each is on both sides', () => {
  const random = createRandom(5)
  const rows = Array.from({ length: 5000 }, () => Math.floor(random() * 1000))
  const y = rows.map(() => Number(random() < 0.5))
  const aucOf = (categories: readonly number[]) => {
    const table = { names: ['x', 'y'], columns: [categories.map(String), y.map(String)] }
    const target = { y: Float64Array.from(y), isClass: true, apart: ['y'] }
    const { folds, test: sides } = splitRows(sha256)(table, allRows(table), { method: 'random' }, target, 5, 0)
    const scores = categories.map((category, row) => {
      let [ones, count] = [1, 2]
      for (const [other, one] of categories.entries())
        if (one === category && folds[other] !== folds[row]) {
          ones += y[other]!
          count += 1
        }
      return ones / count
    })
    const auc = aucMeasure(Float64Array.from(y), rankRows(Float64Array.from(scores)))(evenWeights(y.length))
    return { auc, sides }
  }
  expect(Math.abs(aucOf(rows).auc - 0.5)).toBeLessThan(0.03)
  const six = rows.map((row) => row % 6)
  const { auc, sides } = aucOf(six)
  expect(Math.abs(auc - 0.5)).toBeLessThan(0.03)
  for (const category of six.slice(0, 6)) {
    const share =
      sides.filter((side, row) => side === 1 && six[row] === category).length /
      six.filter((one) => one === category).length
    expect(Math.abs(share - 0.2)).toBeLessThan(3 * Math.sqrt((0.2 * 0.8) / 800))
  }
})

test('a row as CSV text, JSON scalars and typed columns -> one side and one fold', () => {
  const texts = Array.from({ length: 200 }, (_, i) => `${i / 4}`)
  const spelled = { names: ['a'], columns: [texts.map((text) => ` ${Number(text).toFixed(3)} `)] }
  const numbers = { names: ['a'], columns: [{ kind: 'numbers' as const, values: Float64Array.from(texts, Number) }] }
  const expected = split({ names: ['a'], columns: [texts] }, { method: 'random' })
  expect(split(spelled, { method: 'random' })).toEqual(expected)
  const rows = Uint32Array.from(texts.keys())
  const target = { y: new Float64Array(200), isClass: false }
  for (const table of [numbers, { names: ['a'], columns: [asLevels(texts)] }])
    expect(splitRows(sha256)(table, rows, { method: 'random' }, target, 5, 0)).toEqual(expected)
})

test('lending_club -> a fifth of the rows is test; folds of the same size within 3 standard errors', () => {
  const table = readTable('lending_club.train.csv')
  const { test: sides, folds } = split(table, { method: 'random' }, { seed: 1 })
  const n = sides.length
  const share = sides.reduce((sum, side) => sum + side, 0) / n
  expect(Math.abs(share - 0.2)).toBeLessThan(3 * Math.sqrt((0.2 * 0.8) / n))
  for (let fold = 0; fold < 5; fold++) {
    const size = folds.filter((one) => one === fold).length
    expect(Math.abs(size / n - 0.2)).toBeLessThan(3 * Math.sqrt((0.2 * 0.8) / n))
  }
  expect(split(table, { method: 'none' }).test.every((side) => side === 0)).toBe(true)
})

test('stratified -> each fold has its share of each class, one row more or less', () => {
  const labels = Array.from({ length: 500 }, (_, i) => (i % 25 === 0 ? 2 : i % 3 === 0 ? 1 : 0))
  const table = { names: ['x'], columns: [labels.map((_, i) => `row ${i}`)] }
  const { folds } = split(table, { method: 'stratified' }, { y: labels, isClass: true, seed: 3 })
  for (const label of [0, 1, 2]) {
    const sizes = [0, 1, 2, 3, 4].map(
      (fold) => labels.filter((one, row) => one === label && folds[row] === fold).length,
    )
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  }
})

test('any groups -> none on two sides or in two folds; more rows of other groups change no side', () => {
  fc.assert(
    fc.property(rowsArbitrary, (rows) => {
      const table = tableOf([...rows, ...Array.from({ length: 40 }, (_, i) => ['1', '2', `group ${i}`] as const)])
      const groups = (table.columns[2] as readonly string[]).map((text) =>
        text.trim().replace('NA', '').replace('1.50', '1.5'),
      )
      const { test: sides, folds } = split(table, { method: 'group', group: 'g' })
      for (const values of [sides, folds]) {
        const seen = new Map<string, number>()
        groups.forEach((group, row) => {
          expect(seen.get(group) ?? values[row]).toBe(values[row])
          seen.set(group, values[row]!)
        })
      }
    }),
  )
})

const time = { kind: 'integer', name: 't', datatype: 'FP64', missing: [], decimal: '.' } as const

test('any times and gap -> train before test, more than the gap apart; equal times together; folds look forward only', () => {
  const times = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 80 })
  fc.assert(
    fc.property(times, fc.nat({ max: 3 }), (values, gap) => {
      fc.pre(new Set(values).size > 1)
      const table = { names: ['t'], columns: [values.map(String)] }
      const how: Split = { method: 'time', time, gap }
      const from = values.filter((value) => value < Math.max(...values) - gap)
      fc.pre(
        from.length > 0 &&
          Math.min(...values) < [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.5)]! - gap,
      )
      const parts = split(table, how)
      const side = (wanted: number) => values.filter((_, row) => parts.test[row] === wanted)
      const [learnt, tested, between] = [side(0), side(1), side(2)]
      expect(tested.length).toBeGreaterThan(0)
      const start = Math.min(...tested)
      expect(Math.max(...learnt)).toBeLessThan(gap > 0 ? start - gap : start)
      expect(between.every((value) => value < start && value >= start - gap)).toBe(true)
      const y = Float64Array.from(values)
      const rows = Uint32Array.from(values.keys())
      const prepared: Prepared = { tensors: [], y, rows, ...parts }
      for (const { learn, held } of foldParts(prepared, how)) {
        const first = Math.min(...Array.from(held, (row) => learnt[row]!))
        const latest = Math.max(...Array.from(learn, (row) => learnt[row]!))
        expect(latest).toBeLessThan(gap > 0 ? first - gap : first)
      }
    }),
  )
})

test('a hundred times without ties -> the last 20 are test; five blocks are held by what came before', () => {
  const values = Array.from({ length: 100 }, (_, i) => (i * 37) % 100)
  const table = { names: ['t'], columns: [values.map(String)] }
  const parts = split(table, { method: 'time', time })
  expect(values.filter((_, row) => parts.test[row] === 1).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, i) => 80 + i),
  )
  const prepared = { tensors: [], y: Float64Array.from(values), rows: Uint32Array.from(values.keys()), ...parts }
  const folds = foldParts(prepared, { method: 'time', time })
  expect(folds.map(({ held }) => held.length)).toEqual([13, 13, 14, 13, 13])
  expect(folds.map(({ learn }) => learn.length)).toEqual([14, 27, 40, 54, 67])
})

test.for<[string, Split, readonly string[], string]>([
  ['one time', { method: 'time', time }, ['3', '3', '3'], 'expected rows of at least 2 times, got 1'],
  [
    'a missing time',
    { method: 'time', time },
    ['3', '', '4'],
    'row 1, column t: expected a time to split by, got a missing one',
  ],
  [
    'a gap over all',
    { method: 'time', time, gap: 100 },
    ['1', '2', '3', '4', '5'],
    'expected rows before the gap of 100, got none: 4 rows lie in it',
  ],
  ['one group', { method: 'group', group: 't' }, ['a', 'a'], 'expected at least 2 groups, got 1'],
])('%s -> BAD_TABLE that says so', ([, how, cells, message]) => {
  expect(() => split({ names: ['t'], columns: [cells] }, how)).toThrow(
    expect.objectContaining({ code: 'BAD_TABLE', message: expect.stringContaining(message) }),
  )
})

test('a key that the table lacks -> UNKNOWN_COLUMN with the names there are', () => {
  const table = { names: ['id', 'x'], columns: [['a'], ['1']] }
  expect(() => split(table, { method: 'random', key: 'user' })).toThrow(
    'split: expected a column among id, x, got user',
  )
})

test('folds above 200,000 train rows -> one', () => {
  const n = 200_001
  const prepared = { tensors: [], y: new Float64Array(n), rows: new Uint32Array(n), test: new Uint8Array(n) }
  const folds = Uint8Array.from({ length: n }, (_, row) => row % 5)
  expect(foldParts({ ...prepared, folds }, { method: 'random' })).toMatchObject([{ fold: 0, held: { length: 40_001 } }])
})

test('copies of rows -> counted, however their numbers are spelled', () => {
  const table = { names: ['a', 'b'], columns: [['1', '1.0', '2', '1'], ['x', ' x', 'x', 'y']] } // biome-ignore format: a table
  expect(countDuplicates(hashRows(table, allRows(table)))).toBe(1)
})
