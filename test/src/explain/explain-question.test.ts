import { expect, test } from 'vitest'
import type { RunRows } from '../../../src/call/converse.ts'
import type { Deployed } from '../../../src/call/deployed.ts'
import type { ColumnRange } from '../../../src/explain/column-range.ts'
import { readExplain } from '../../../src/explain/explain-question.ts'
import type { TabularManifest } from '../../../src/registry/manifest.ts'

const manifest: TabularManifest = {
  ...({ schema: 1, percall: '0.1.0', task: 'binary' } as const),
  target: { name: 'kind', kind: 'category' },
  codec: {
    codecVersion: 1,
    columns: [
      { name: 'rate', missing: [], kind: 'numeric', datatype: 'FP32', decimal: '.' },
      { name: 'note', missing: [], kind: 'text', datatype: 'BYTES', tokens: 'words' },
    ],
  },
  outputs: { label: 'label', probabilities: 'probabilities' },
  classes: ['ham', 'spam'],
}
const deployed: Deployed = {
  version: {
    ...{ model: 'mails', number: 1, digest: '0'.repeat(64), sizeBytes: 1, createdAtMs: 0 },
    signature: { inputs: [], outputs: [] },
  },
  manifest,
}
const ranges: readonly ColumnRange[] = [
  { name: 'rate', kind: 'number', whole: false, min: 0, max: 20, points: [0, 20] },
  { name: 'note', kind: 'kept', why: 'text' },
]

/** Spam from a rate of 10 on, and more likely with a prize. */
const runRows: RunRows = async ([rate, note], outputs) => {
  const spam = Array.from(rate!.data as Float32Array, (value, row) => {
    const prize = String(note!.data[row]).includes('prize') ? 0.25 : 0
    return (value > 10 ? 0.5 : 0.125) + prize
  })
  const probabilities = Float64Array.from(spam.flatMap((p) => [1 - p, p]))
  const labels = spam.map((p) => (p >= 0.5 ? 'spam' : 'ham'))
  const [rows, data] = [spam.length, { label: labels, probabilities }]
  return outputs.map((name) =>
    name === 'label'
      ? { name, datatype: 'BYTES', shape: [rows], data: data.label }
      : { name, datatype: 'FP64', shape: [rows, 2], data: data.probabilities },
  )
}

const contributions = [
  { name: 'rate', value: 11.47, contribution: 0.3 },
  { name: 'note', value: 'free prize', contribution: 0.4 },
]

test('a member that is misspelt -> BAD_REQUEST with those that there are, since ignoring it would answer something else', () => {
  const read = readExplain({
    explain: () => new Promise(() => {}),
    requireExplainable: async () => {},
    rangesOf: async () => ranges,
  })
  const text = JSON.stringify({ instances: [{ rate: 1 }], langage: 'en' })
  const asked = () =>
    read({ kind: 'json', text, answer: 'json' }, new URLSearchParams(), { unknown: 'refuse' })(deployed)
  expect(asked).toThrow(
    expect.objectContaining({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/^body: unknown member langage; expected instances, method, .*language, /),
    }),
  )
})

test('rows in their caller’s digits and spelling -> told again in them: values, words, sentence and change', async () => {
  const row = { class: 'spam', baseValue: 0.05, prediction: 0.75, answer: 0.75, additivityError: 0, contributions }
  const read = readExplain({
    explain: async () => ({
      ...({ method: 'permutation', output: 'probability', columns: 'column', rows: [row], modelRows: 9 } as const),
      background: { kind: 'version', rows: 5 },
    }),
    requireExplainable: async () => {},
    rangesOf: async () => ranges,
  })
  const body = { instances: [{ rate: 11.4700001, note: 'Free PRIZE!' }], counterfactual: true }
  const text = { kind: 'json', text: JSON.stringify(body), answer: 'json' } as const
  const question = read(text, new URLSearchParams(), { unknown: 'refuse' })(deployed)
  const { body: answered } = await question.converse!(runRows)
  const [explained] = JSON.parse(String(answered)).explanations
  expect(explained.contributions.map(({ value }: { value: unknown }) => value)).toEqual([11.4700001, 'Free PRIZE!'])
  expect(explained.words).toEqual([
    { column: 'note', word: 'PRIZE', effect: 0.25 },
    { column: 'note', word: 'Free', effect: 0 },
  ])
  expect(explained.sentence).toContain('note with “PRIZE” (+0.4) and rate = 11.5 (+0.3)')
  expect(explained.counterfactual).toMatchObject({ found: true, changes: [{ column: 'rate', from: 11.4700001 }] })
})

test.for([
  ['platt', 'is 0.75 (answered: 0.9 after calibration)'],
  ['clip', 'is 0.75 (answered: 0.9)'],
] as const)('a row whose model is followed by %s -> told so', async ([kind, said]) => {
  const calibration = { kind, output: 'probability', before: 0.75, after: 0.9 } as const
  const row = {
    class: 'spam',
    baseValue: 0.05,
    prediction: 0.75,
    answer: 0.9,
    additivityError: 0,
    contributions: [],
    calibration,
  }
  const read = readExplain({
    explain: async () => ({
      ...({ method: 'permutation', output: 'probability', columns: 'column', rows: [row], modelRows: 9 } as const),
      background: { kind: 'version', rows: 5 },
    }),
    requireExplainable: async () => {},
    rangesOf: async () => ranges,
  })
  const text = { kind: 'json', text: '{"instances":[{"rate":1}]}', answer: 'json' } as const
  const { body } = await read(text, new URLSearchParams(), { unknown: 'refuse' })(deployed).converse!(runRows)
  expect(JSON.parse(String(body)).explanations[0].sentence).toContain(said)
})
