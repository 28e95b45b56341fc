import { expect, test } from 'vitest'
import { compute as computeOf } from '../../../adapters/sessions/compute.ts'
import type { Codec } from '../../../src/dataset/codec.ts'
import type { Matrix } from '../../../src/estimators/estimator.ts'
import { type Condition, type Rule, surrogate } from '../../../src/explain/surrogate.ts'
import { createRandom } from '../../../src/random.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const codec: Codec = {
  codecVersion: 1,
  columns: [
    { name: 'size', missing: [], kind: 'numeric', datatype: 'FP32', decimal: '.' },
    { name: 'colour', missing: [], kind: 'category', datatype: 'BYTES', case: 'keep', numbers: 'keep' },
  ],
}
const colours = ['red', 'green', 'blue', '']

const rowsOf = (count: number, seed: number): readonly Tensor[] => {
  const random = createRandom(seed)
  const sizes = Float32Array.from({ length: count }, () =>
    random() < 0.1 ? Number.NaN : Math.round(random() * 1000) / 100,
  )
  return [
    { name: 'size', datatype: 'FP32', shape: [count, 1], data: sizes },
    {
      name: 'colour',
      datatype: 'BYTES',
      shape: [count, 1],
      data: Array.from(sizes, () => colours[Math.floor(random() * 4)]!),
    },
  ]
}

/** A model that no tree of eight leaves tells exactly. */
const probabilityOf = (size: number, colour: string): number => {
  const known = Number.isNaN(size) ? 3 : size
  return 1 / (1 + Math.exp(-(Math.sin(known) * 2 + known / 4 - 1 + (colour === 'red' ? 2 : colour === '' ? -2 : 0))))
}
type Model = (size: number, colour: string) => number

const answersOf = ([size, colour]: readonly Tensor[], model: Model = probabilityOf): Matrix => {
  const values = Float64Array.from(
    Array.from(size!.data as Float32Array).flatMap((value, row) => {
      const p = model(value, String(colour!.data[row]))
      return [1 - p, p]
    }),
  )
  return { rows: values.length / 2, columns: 2, values }
}

const passes = (condition: Condition, size: number, colour: string): boolean => {
  const value = condition.feature === 'size' ? size : colour
  if (value === '' || Number.isNaN(value)) return condition.missing
  switch (condition.test) {
    case 'at most':
      return Number(value) <= condition.value
    case 'above':
      return Number(value) > condition.value
    case 'one of':
      return condition.levels.includes(String(value))
    case 'none of':
      return !condition.levels.includes(String(value))
    case 'is there':
      return true
    case 'is missing':
      return false
  }
}

test.for([0.5, 0.8])(
  'rules of a model of two classes answered from %d on -> one holds for each row, and their fidelity is what the rules themselves give',
  async (threshold) => {
    const [learned, judged] = [rowsOf(600, 1), rowsOf(400, 2)]
    const input = {
      ...{ codec, leaves: 8, classes: ['no', 'yes'], positive: 1, threshold },
      learned: { tensors: learned, answers: answersOf(learned) },
      judged: { tensors: judged, answers: answersOf(judged) },
    }
    const found = (await surrogate(input, computeOf(1)))!
    expect(found.lists).toHaveLength(1)
    const { rules, of } = found.lists[0]!
    expect(of).toBe('yes')
    expect(rules.length).toBeGreaterThan(4)
    expect(rules.length).toBeLessThanOrEqual(8)
    expect(rules.reduce((sum, { rows }) => sum + rows, 0)).toBe(600)
    const [sizes, texts] = [judged[0]!.data as Float32Array, judged[1]!.data as readonly string[]]
    const model = Array.from(sizes, (size, row) => probabilityOf(size, texts[row]!))
    const ruled = Array.from(sizes, (size, row) => {
      const holding = rules.filter((rule: Rule) => rule.conditions.every((one) => passes(one, size, texts[row]!)))
      expect(holding).toHaveLength(1)
      return holding[0]!.answer
    })
    const mean = model.reduce((sum, p) => sum + p, 0) / model.length
    const squares = (other: (row: number) => number) => model.reduce((sum, p, row) => sum + (p - other(row)) ** 2, 0)
    expect(found.fidelity.r2).toBeCloseTo(1 - squares((row) => ruled[row]!) / squares(() => mean), 10)
    expect(found.fidelity.r2).toBeGreaterThan(0.7)
    const agreed = model.filter((p, row) => p >= threshold === ruled[row]! >= threshold).length
    expect(found.fidelity.agreement).toBe(agreed / model.length)
    const yes = model.filter((p) => p >= threshold).length
    expect(found.fidelity.constantAgreement).toBe(Math.max(yes, model.length - yes) / model.length)
  },
)

test('missing values that lie between two cuts -> one rule holds for them as well', async () => {
  const between: Model = (size) => (Number.isNaN(size) || (size > 2 && size <= 4) ? 0.9 : size <= 2 ? 0.1 : 0.2)
  const rows = rowsOf(600, 3)
  const part = { tensors: rows, answers: answersOf(rows, between) }
  const input = { codec, leaves: 4, classes: ['no', 'yes'], positive: 1, threshold: 0.5, learned: part, judged: part }
  const found = (await surrogate(input, computeOf(1)))!
  expect(found.fidelity).toMatchObject({ r2: expect.closeTo(1, 6), agreement: 1 })
  const { rules } = found.lists[0]!
  for (const size of [1, 3, 5, Number.NaN]) {
    const holding = rules.filter(({ conditions }) => conditions.every((one) => passes(one, size, 'red')))
    expect(holding.map(({ answer }) => answer)).toEqual([expect.closeTo(between(size, 'red'), 6)])
  }
})
