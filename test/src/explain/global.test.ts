import { expect, test } from 'vitest'
import { compute as computeOf } from '../../../adapters/sessions/compute.ts'
import { type Codec, columnsToTensors } from '../../../src/dataset/codec.ts'
import { makeExplainer } from '../../../src/explain/explainer-file.ts'
import { globalPlots } from '../../../src/explain/global-plots.ts'
import { createRandom } from '../../../src/random.ts'
import { explainRun } from '../../../src/run/explain-run.ts'
import { judgedRows } from '../../../src/run/judge/evaluate.ts'
import type { Prepared } from '../../../src/run/prepared.ts'
import { byName, trainOn } from '../../fixtures/learning.ts'

const count = 300
const random = createRandom(5)
const sizes = Array.from({ length: count }, () => Math.round(random() * 1000) / 10)
const days = Array.from({ length: count }, (_, row) =>
  new Date(Date.UTC(2025, 0, 1 + (row % 200))).toISOString().slice(0, 10),
)
const mails = Array.from({ length: count }, (_, row) => `person${row % 40}@example.org`)
const notes = Array.from({ length: count }, (_, row) =>
  row % 3 === 0 ? 'very good and cheap thing' : 'a bad and dear thing',
)
const noise = Array.from({ length: count }, () => Math.round(random() * 1000))
/** Size matters most, then the note; noise and mail not at all. */
const prices = sizes.map((size, row) => String(3 * size + (row % 3 === 0 ? 40 : 0) + Math.round(random() * 4)))
const table = {
  names: ['size', 'day', 'mail', 'note', 'noise', 'price'],
  columns: [sizes.map(String), days, mails, notes, noise.map(String), prices],
}

const partOf = (codec: Codec, y: Float64Array): Prepared => ({
  ...{ tensors: columnsToTensors(codec, byName(table)), y },
  rows: Uint32Array.from({ length: count }, (_, row) => row),
  test: Uint8Array.from({ length: count }, (_, row) => (row % 4 === 0 ? 1 : 0)),
  folds: new Uint8Array(count),
})

const explained = async () => {
  const columns = { note: { kind: 'text' }, mail: { kind: 'category' } } as const
  const { bytes, manifest, fitted } = await trainOn(table, {
    target: 'price',
    algorithm: 'gbdt',
    columns,
    hyper: { iterations: 60 },
  })
  const { codec, trained, plan } = fitted
  const part = partOf(codec, Float64Array.from(prices, Number))
  const spec = { codec, plan, seed: 1, target: { name: 'price' } }
  const explainer = makeExplainer(codec, trained, part, ['mail'], 1)
  const input = { spec, manifest, prepared: part, judged: judgedRows(part), explainer, personal: ['mail'] }
  return explainRun(computeOf(1))(bytes, input)
}

test('a regression with a date, a text and personal data -> what matters first, nothing personal, plots of it', async () => {
  const { explanations, reason } = await explained()
  expect(reason).toBeUndefined()
  const global = explanations!
  expect(global).toMatchObject({ on: 'test', rows: 75, target: 'price', leftOut: [], permutation: { loss: 'rmse' } })
  expect(global.permutation.columns.slice(0, 2).map(({ column }) => column)).toEqual(['size', 'note'])
  expect(global.permutation.columns[0]!.low).toBeGreaterThan(0)
  expect(global.shap?.importance.slice(0, 2).map(({ column }) => column)).toEqual(['size', 'note'])
  const bySize = global.dependence.find(({ column }) => column === 'size')!
  const [low, high] = [bySize.means[0]![0]!, bySize.means[0]!.at(-1)!]
  expect(high - low).toBeGreaterThan(200)
  expect(bySize.rows).toHaveLength(20)
  expect(global.surrogate!.fidelity.r2).toBeGreaterThan(0.8)
  expect(global.ranges.find(({ name }) => name === 'mail')).toEqual({ name: 'mail', kind: 'kept', why: 'personal' })
  expect(global.dependence.map(({ column }) => column)).not.toContain('mail')
  const plots = globalPlots(global)
  expect(Object.keys(plots).slice(0, 3)).toEqual(['importance', 'shap', 'dependence-1'])
  for (const svg of Object.values(plots)) expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  const told = JSON.stringify(global) + Object.values(plots).join('')
  expect(told).not.toContain('example.org')
  expect(JSON.stringify(await explained())).toBe(JSON.stringify({ explanations }))
})

test('a version that answers few rows with the positive class -> its rules are held to its own threshold', async () => {
  const kinds = sizes.map((size) => (size > 50 ? 'yes' : 'no'))
  const two = { names: ['size', 'kind'], columns: [sizes.map(String), kinds] }
  const { bytes, manifest, fitted } = await trainOn(two, { target: 'kind', algorithm: 'logistic' })
  const { codec, trained, plan } = fitted
  const part = partOf(
    codec,
    Float64Array.from(kinds, (kind) => plan.classes!.indexOf(kind)),
  )
  const spec = { codec, plan, seed: 1, target: { name: 'kind' } }
  const explainer = makeExplainer(codec, trained, part, [], 1)
  const agreementAt = async (threshold: number) => {
    const own = { ...manifest, threshold }
    const input = { spec, manifest: own, prepared: part, judged: judgedRows(part), explainer, personal: [] }
    return (await explainRun(computeOf(1))(bytes, input)).explanations!.surrogate!.fidelity
  }
  const positive = (await agreementAt(0.5)).constantAgreement!
  expect(positive).toBeLessThan(0.7)
  // No probability reaches it: every row has the other class, of the model and of its rules.
  expect(await agreementAt(1.5)).toMatchObject({ agreement: 1, constantAgreement: 1 })
})
