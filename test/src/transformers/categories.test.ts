import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crossFolds } from '../../../src/transformers/cross-folds.ts'
import { oneHot } from '../../../src/transformers/one-hot.ts'
import { ordinal } from '../../../src/transformers/ordinal.ts'
import { targetColumns } from '../../../src/transformers/target-columns.ts'
import { crossEncode, smoothingRows, targetEncode } from '../../../src/transformers/target-encode.ts'
import { figures, rowMajor, served, textTensor } from '../../fixtures/transformers.ts'

const column: readonly string[] = figures.column
const unseen: readonly string[] = figures.unseen

test('one-hot with rare and unseen levels -> OneHotEncoder(min_frequency=10), but for the order of code units', async () => {
  const encoder = oneHot(10)
  const fitted = encoder.fit(column)
  const names = [...fitted.levels.map((level) => `c_${level}`), 'c_infrequent_sklearn']
  expect(fitted.rare).toBe(true)
  expect(names.toSorted()).toEqual(figures.hotNames.toSorted())
  const places = names.map((name) => figures.hotNames.indexOf(name))
  const own = encoder.apply(fitted, unseen)
  expect(unseen.map((_, row) => own.map((values) => values[row]))).toEqual(
    figures.hot.map((row: readonly number[]) => places.map((place) => row[place])),
  )
  expect(encoder.apply(fitted, column).map((values) => values.reduce((sum, x) => sum + x, 0))).toEqual(
    places.map((place) => figures.hotTrain[place]),
  )
  expect(await served(textTensor(unseen), (graph, x) => encoder.toGraph(fitted, graph, x))).toStrictEqual(rowMajor(own))
})

test('ordinal in a stated order -> OrdinalEncoder; missing and unseen are NaN', async () => {
  const ranks = ordinal(0, 'FP64')
  const levels = { levels: figures.order, rare: false }
  const texts = ['Oslo', 'Lima', 'Rīga', 'Bonn']
  expect([...ranks.apply(levels, texts)]).toEqual(
    figures.ordinal.map(([value]: readonly (number | null)[]) => value ?? Number.NaN),
  )
  const asked = [...texts, '', '\u0000', 'lima']
  expect(await served(textTensor(asked), (graph, x) => ranks.toGraph(levels, graph, x))).toStrictEqual(
    ranks.apply(levels, asked),
  )
})

test('more levels than numbers -> the most frequent have one each, the others the next; missing none', async () => {
  const numbered = ordinal(3, 'FP32')
  const fitted = numbered.fit(['b', 'b', 'a', 'a', 'c', '', '', ''])
  expect(fitted).toEqual({ levels: ['a', 'b', 'c'], rare: false })
  const cut = numbered.fit(['b', 'b', 'a', 'a', 'c', 'd', ''])
  expect(cut).toEqual({ levels: ['a', 'b'], rare: true })
  const asked = ['a', 'b', 'c', 'nowhere', '']
  expect([...numbered.apply(cut, asked)]).toEqual([0, 1, 2, 2, Number.NaN])
  expect(await served(textTensor(asked), (graph, x) => numbered.toGraph(cut, graph, x), 'FP32')).toStrictEqual(
    Float32Array.from(numbered.apply(cut, asked)),
  )
})

/** (sum + m mean) / (rows + m) of the rows that may be known, by going through all of them. */
const byHand = (texts: readonly string[], y: Float64Array, weights: Float64Array, known: (row: number) => boolean) => {
  const rows = [...y.keys()].filter(known)
  const total = rows.reduce((sum, row) => sum + weights[row]!, 0)
  const mean = rows.reduce((sum, row) => sum + weights[row]! * y[row]!, 0) / total
  return (text: string): number => {
    const own = rows.filter((row) => texts[row] === text)
    const sum = own.reduce((all, row) => all + weights[row]! * y[row]!, 0)
    return (sum + smoothingRows * mean) / (own.reduce((all, row) => all + weights[row]!, 0) + smoothingRows)
  }
}

const table = fc
  .array(
    fc.record({
      text: fc.constantFrom('a', 'b', 'c', '', 'é'),
      y: fc.integer({ min: 0, max: 3 }),
      w: fc.integer({ min: 1, max: 3 }),
    }),
    {
      minLength: 10,
      maxLength: 60,
    },
  )
  .map((rows) => ({
    texts: rows.map(({ text }) => text),
    y: Float64Array.from(rows, ({ y }) => y),
    weights: Float64Array.from(rows, ({ w }) => w),
  }))

test('target encoding of any table -> the formula by hand, for served rows and for training rows of each fold', () => {
  fc.assert(
    fc.property(table, fc.nat(1000), fc.boolean(), ({ texts, y, weights }, seed, timed) => {
      const { targets, numbers } = targetColumns(y, 4)
      expect(numbers).toEqual([1, 2, 3])
      const examples = { column: texts, targets, weights }
      const encoder = targetEncode('FP64')
      const fitted = encoder.fit(examples)
      const times = timed ? { times: Float64Array.from(y, (_, row) => (row * 7) % y.length) } : {}
      const part = crossFolds(y.length, times, seed)
      const crossed = crossEncode(examples, part)
      targets.forEach((target, output) => {
        const all = byHand(texts, target, weights, () => true)
        const served = encoder.apply(fitted, [...texts, 'unseen'])[output]!
        texts.forEach((text, row) => {
          expect(served[row]).toBeCloseTo(all(text), 12)
          const own = part.folds[row]!
          if (timed && own === 0) return
          const known = (other: number): boolean => (timed ? part.folds[other]! < own : part.folds[other] !== own)
          expect(crossed[output]![row]).toBeCloseTo(byHand(texts, target, weights, known)(text), 12)
        })
        expect(served.at(-1)).toBeCloseTo(all('unseen'), 12)
      })
    }),
    { numRuns: 60 },
  )
})

test.for(['FP32', 'FP64'] as const)('target encoding as %s -> the graph has the bits', async (datatype) => {
  const y = Float64Array.from(column, (text, row) => (text.length * 0.37 + row) % 5)
  const encoder = targetEncode(datatype)
  const fitted = encoder.fit({ column, targets: [y, y.map((x) => x / 3)], weights: new Float64Array(y.length).fill(1) })
  const own = rowMajor(encoder.apply(fitted, unseen))
  expect(await served(textTensor(unseen), (graph, x) => encoder.toGraph(fitted, graph, x), datatype)).toStrictEqual(
    datatype === 'FP32' ? Float32Array.from(own) : own,
  )
  if (datatype === 'FP32') expect(own).toEqual(own.map(Math.fround))
})

test('folds -> groups stay together, given folds are kept, equal times are one side, one seed is one answer', () => {
  const groups = Uint32Array.from({ length: 200 }, (_, row) => row % 23)
  const grouped = crossFolds(200, { groups }, 5)
  expect(new Set(groups.map((group, row) => group * 10 + grouped.folds[row]!)).size).toBe(23)
  expect(new Set(grouped.folds).size).toBe(5)
  const given = crossFolds(4, { folds: Uint8Array.of(3, 1, 3, 4) }, 5)
  expect(given).toEqual({ folds: Uint32Array.of(0, 1, 0, 2), count: 3, past: false })
  const timed = crossFolds(40, { times: Float64Array.from({ length: 40 }, (_, row) => Math.floor(row / 10)) }, 5)
  expect(new Set(timed.folds).size).toBe(4)
  expect([...timed.folds].toSorted((a, b) => a - b)).toEqual([...timed.folds])
  expect(crossFolds(30, {}, 9)).toEqual(crossFolds(30, {}, 9))
  expect(crossFolds(30, {}, 9)).not.toEqual(crossFolds(30, {}, 8))
})
