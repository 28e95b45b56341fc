import { expect, test } from 'vitest'
import { inspectTable } from '../../../src/run/inspect.ts'
import { readTable } from '../../fixtures/learning.ts'

const n = 400
const rows = Array.from({ length: n }, (_, i) => i)
/** Numbers between 0 and 1 that look random: fractions of multiples of the golden ratio. */
const noise = (k: number) => rows.map((i) => ((i + 1) * (k + 0.6180339887)) % 1)

const [a, b, c] = [noise(0), noise(1.37), noise(2.71)] as const
const y = rows.map((i) => a[i]! * 2 + b[i]!)
const label = rows.map((i) => (a[i]! + b[i]! > 1 ? 'yes' : 'no'))

const inspect = (columns: Readonly<Record<string, readonly (string | number)[]>>, more: object = {}) => {
  const table = { names: Object.keys(columns), columns: Object.values(columns).map((cells) => cells.map(String)) }
  const { profile, notices } = inspectTable(table, { columns: {}, target: 'y', ...more })
  const leaks = profile.columns.filter(({ leftOut }) => leftOut === 'leak').map(({ name }) => name)
  return { leaks, notices: notices.filter((text) => text.includes('leak')) }
}

test.for<[string, Readonly<Record<string, readonly (string | number)[]>>, readonly string[]]>([
  ['a copy with noise of 2 %', { a, copy: y.map((value, i) => value + 0.02 * c[i]!), y }, ['copy']],
  ['a copy in bins', { a, copy: y.map((value) => Math.floor(value * 20)), y }, ['copy']],
  ['a decreasing function', { a, copy: y.map((value) => Math.exp(-value)), y }, ['copy']],
  [
    'another spelling of the class',
    { a, copy: label.map((text) => (text === 'yes' ? 'accepted' : 'refused')), y: label },
    ['copy'],
  ],
  [
    'a date that only one class has',
    { a, paid: label.map((text, i) => (text === 'yes' ? `2024-01-${10 + (i % 20)}` : '')), y: label },
    ['paid'],
  ],
  ['a cause that explains 80 %', { a, c, y }, []],
  ['names of rows', { a, name: rows.map((i) => `row ${i % 250}`), y: label }, []],
])('%s -> left out as leaks: as listed', ([, columns, leaks]) => {
  expect(inspect(columns).leaks).toEqual(leaks)
})

test('a leak -> a notice with its score; kept where its kind is given, under a split by time, or when nothing else is left', () => {
  const columns = { a, copy: y, y }
  expect(inspect(columns).notices).toEqual([
    'column copy: left out as a leak: it predicts y alone (R2 1.0000 on held rows), as a copy of it would; --type copy=numeric keeps it',
  ])
  const kept =
    'column copy: may be a leak: it predicts y alone (R2 1.0000 on held rows), as a copy of it would; --drop copy leaves it out'
  for (const found of [
    inspect(columns, { columns: { copy: { kind: 'numeric' } } }),
    inspect(columns, { split: { method: 'time' } }),
    inspect({ copy: y, y }),
  ])
    expect(found).toEqual({ leaks: [], notices: [kept] })
})

test('a leak of two words -> options that a shell reads as one word', () => {
  const given = { a, 'a copy': y, y }
  expect(inspect(given).notices[0]).toMatch(/; --type 'a copy=numeric' keeps it$/)
  expect(inspect(given, { split: { method: 'time' } }).notices[0]).toMatch(/; --drop 'a copy' leaves it out$/)
})

test.for<[string, string]>([
  ['cars.train.csv', 'Miles_per_Gallon'],
  ['penguins.train.csv', 'species'],
])('%s, %s -> no column is a leak', ([file, target]) => {
  const { profile } = inspectTable(readTable(file), { columns: {}, target })
  expect(profile.columns.filter(({ leftOut }) => leftOut === 'leak')).toEqual([])
})

test('a class of 1 % -> a notice with its count', () => {
  const table = { names: ['a', 'y'], columns: [a.map(String), rows.map((i) => (i % 100 === 0 ? 'fraud' : 'fine'))] }
  expect(inspectTable(table, { columns: {}, target: 'y' }).notices).toEqual([
    'target y: fraud is rare, 4 of 400 rows (1.00 %): look at average precision and the threshold, not at accuracy',
  ])
})
