import { expect, test } from 'vitest'
import { chooseVariant } from '../../../src/optimise/choose.ts'
import { parsePolicy } from '../../../src/optimise/policy.ts'
import { labelledQuality, outputQuality, type Quality } from '../../../src/optimise/quality.ts'
import type { Variant, VariantName } from '../../../src/optimise/variant.ts'
import { createRandom } from '../../../src/random.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const measured = (name: VariantName, sizeBytes: number, batchMs: number, quality: Quality): Variant => ({
  name,
  state: 'measured',
  figures: {
    ...{ sizeBytes, gzipBytes: sizeBytes, loadMs: 1, peakMb: 100 },
    oneRow: { p50Ms: 0.1, p95Ms: 0.2 },
    batch: { rows: 100, p50Ms: batchMs, p95Ms: batchMs },
  },
  quality,
})

const outputs = (largest?: number): Quality => ({
  kind: 'outputs',
  values: 10,
  ...(largest !== undefined && { largest }),
})
/** A log-loss of 0.5 and 10 % errors, and how much worse each may be. */
const labels = (loss: number, errors: number): Quality => ({
  kind: 'labels',
  rows: 1000,
  figures: [
    { metric: 'logLoss', float: 0.5, difference: 0, low: -1, high: loss },
    { metric: 'errorRate', float: 0.1, difference: 0, low: -1, high: errors },
  ],
})
const float = measured('float', 1000, 10, outputs(0))

test.for([
  ['smallest:1%', [measured('half', 500, 10, outputs(0.009)), measured('int8', 250, 5, outputs(0.011))], 'half'],
  ['smallest:2%', [measured('half', 500, 10, outputs(0.009)), measured('int8', 250, 5, outputs(0.011))], 'int8'],
  ['fastest:2%', [measured('half', 500, 12, outputs(0.009)), measured('int8', 250, 5, outputs(0.011))], 'int8'],
  // 4 % less time is within what a second measurement would change.
  ['fastest:2%', [measured('half', 500, 9.6, outputs(0))], 'float'],
  ['smallest:99%', [measured('half', 500, 10, outputs(undefined))], 'float'],
  ['exact', [measured('half', 500, 10, outputs(1e-9))], 'float'],
  ['exact', [measured('cleaned', 900, 10, outputs(0))], 'cleaned'],
  ['smallest:1%', [{ name: 'int8', state: 'refused', reason: 'none' }], 'float'],
  // 0.5 x 1 % = 0.005 more loss, 1 % of the rows more errors: the bad end decides.
  ['smallest:1%', [measured('int8', 250, 5, labels(0.0049, 0.0099))], 'int8'],
  ['smallest:1%', [measured('int8', 250, 5, labels(0.0051, 0))], 'float'],
  ['smallest:1%', [measured('int8', 250, 5, labels(0, 0.0101))], 'float'],
] as const)('%s -> %s', ([policy, variants, chosen]) => {
  const decision = chooseVariant(parsePolicy(policy), [float, ...(variants as readonly Variant[])])
  expect(decision.chosen).toBe(chosen)
  // A measured variant that is smaller or faster and was not chosen says why, or another is better still.
  for (const variant of decision.variants)
    if (chosen === 'float' && variant.state === 'measured' && variant.name !== 'float' && policy !== 'fastest:2%')
      expect(variant.beyond).toMatch(/expected/)
})

test('a float graph that was not measured -> it stays', () => {
  const refused: Variant = { name: 'float', state: 'refused', reason: 'no memory' }
  expect(chooseVariant(parsePolicy('smallest:50%'), [refused])).toMatchObject({ chosen: 'float' })
})

test.for(['smallest', 'smallest:0.1', 'fastest:-1%', 'smallest:100%', 'exact:1%', ''])(
  'policy %s -> BAD_REQUEST',
  (text) => {
    expect(() => parsePolicy(text)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
  },
)

test('labels, a variant whose answers are noisier -> paired figures with intervals around them, no worse than truth allows', () => {
  const random = createRandom(3)
  const rows = 400
  const truth = Float64Array.from({ length: rows }, () => (random() < 0.5 ? 0 : 1))
  const answered = (noise: number) => {
    const values = new Float64Array(2 * rows)
    truth.forEach((k, i) => {
      const right = 0.8 - noise * random()
      values[2 * i + k] = right
      values[2 * i + 1 - k] = 1 - right
    })
    const labels = Float64Array.from(truth, (_, i) => (values[2 * i + 1]! > 0.5 ? 1 : 0))
    return { truth, answers: { rows, columns: 2, values }, labels, positive: 1 }
  }
  const same = answered(0)
  expect(labelledQuality(same, same, true, 1)).toMatchObject({
    figures: [
      { metric: 'logLoss', float: expect.closeTo(-Math.log(0.8), 12), difference: 0, low: 0, high: 0 },
      { metric: 'errorRate', float: 0, difference: 0, low: 0, high: 0 },
    ],
  })
  const worse = labelledQuality(same, answered(0.4), true, 1)
  if (worse.kind !== 'labels') throw new Error('expected labels')
  for (const { difference, low, high } of worse.figures) {
    expect(low).toBeGreaterThan(0)
    expect(low).toBeLessThan(difference)
    expect(high).toBeGreaterThan(difference)
  }
})

test('outputs without labels -> largest and mean difference by the largest answer; another text has neither', () => {
  const numbers = (...data: number[]): Tensor => ({
    name: 'y',
    datatype: 'FP64',
    shape: [data.length],
    data: Float64Array.from(data),
  })
  const found = outputQuality([[numbers(1, -4, 2, 1)]], [[numbers(1, -4, 2.2, 0.8)]])
  // 0.2 of 4 at most, 0.4 / 4 of 4 on average.
  expect(found).toEqual({
    kind: 'outputs',
    values: 4,
    largest: expect.closeTo(0.05, 12),
    mean: expect.closeTo(0.025, 12),
  })
  const text = (word: string): Tensor => ({ name: 'y', datatype: 'BYTES', shape: [1], data: [word] })
  expect(outputQuality([[text('yes')]], [[text('no')]])).toEqual({ kind: 'outputs', values: 1 })
})
