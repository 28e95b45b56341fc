import { expect, test } from 'vitest'
import { rowsToTensors } from '../../../src/dataset/codec.ts'
import { missingBackground, sampleBackground } from '../../../src/explain/background.ts'
import { decodeExplainer, encodeExplainer, makeExplainer } from '../../../src/explain/explainer-file.ts'
import { readTable, trainOn } from '../../fixtures/learning.ts'
import { tensorsOf } from './explained.ts'

const cars = readTable('cars.train.csv')
const everyRow = [...cars.columns[0]!.keys()]
const { fitted } = await trainOn(cars, {
  ...{ target: 'Miles_per_Gallon', algorithm: 'gbdt', hyper: { iterations: 5, leaves: 6 } },
  columns: { Name: { kind: 'text' } },
})
const train = tensorsOf(fitted, cars, everyRow)

test('given an explainer with missing numbers, dates and texts, its file gives it back, byte for byte the same', () => {
  const explainer = makeExplainer(fitted.codec, fitted.trained, { tensors: train }, ['Year', 'Horsepower', 'Name'], 1)
  const bytes = encodeExplainer(explainer)
  const read = decodeExplainer(bytes)
  expect(read).toEqual(explainer)
  expect(read.background.tensors.map(({ data }) => data.constructor)).toEqual(
    explainer.background.tensors.map(({ data }) => data.constructor),
  )
  const again = makeExplainer(fitted.codec, fitted.trained, { tensors: train }, ['Year', 'Horsepower', 'Name'], 1)
  expect(encodeExplainer(again)).toEqual(bytes)
})

test('given columns that hold personal data, they are missing in every row of the background', () => {
  const personal = ['Year', 'Horsepower', 'Name']
  const { tensors } = sampleBackground(fitted.codec, train, personal, 1)
  const missing = new Map(missingBackground(fitted.codec).tensors.map(({ name, data }) => [name, data[0]]))
  for (const { name, data } of tensors) {
    const all = Array.from(data as Iterable<unknown>).every((value) => Object.is(value, missing.get(name)))
    expect({ name, all }).toEqual({ name, all: personal.includes(name) })
  }
})

test("given a table, 50 of its rows stand for it: their weights are 1 and their weighted means near the table's", () => {
  const { tensors, weights } = sampleBackground(fitted.codec, train, [], 1)
  expect(weights.length).toBe(50)
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
  const place = fitted.codec.columns.findIndex(({ name }) => name === 'Weight_in_lbs')
  const all = train[place]!.data as Float32Array
  const own = tensors[place]!.data as Float32Array
  for (const value of own) expect(all.includes(value)).toBe(true)
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length)
  const weighted = own.reduce((sum, value, row) => sum + weights[row]! * value, 0)
  expect(Math.abs(weighted - mean)).toBeLessThan(0.1 * deviation)
})

test('given fewer different rows than 50, or none but texts, each has one place', () => {
  const codec = { ...fitted.codec, columns: fitted.codec.columns.filter(({ name }) => name === 'Name') }
  const texts = rowsToTensors(
    codec,
    ['a b', 'a b', 'c d e f', null].map((Name) => ({ Name })),
    { unknown: 'refuse' },
  )
  const { tensors, weights } = sampleBackground(codec, texts, [], 1)
  expect(Object.fromEntries(Array.from(weights, (weight, row) => [tensors[0]!.data[row], weight]))).toEqual({
    ...{ 'a b': 0.5, 'c d e f': 0.25, '': 0.25 },
  })
})
