import { expect, test } from 'vitest'
import type { RunRows } from '../../../src/call/converse.ts'
import type { RowExplanation } from '../../../src/explain/explanation.ts'
import { wordEffects } from '../../../src/explain/word-effects.ts'
import type { TabularManifest } from '../../../src/registry/manifest.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const manifest: TabularManifest = {
  ...({ schema: 1, percall: '0.1.0', task: 'binary' } as const),
  target: { name: 'kind', kind: 'category' },
  codec: {
    codecVersion: 1,
    columns: [
      { name: 'size', missing: [], kind: 'numeric', datatype: 'FP64', decimal: '.' },
      { name: 'note', missing: [], kind: 'text', datatype: 'BYTES', tokens: 'words' },
    ],
  },
  outputs: { label: 'label', probabilities: 'probabilities' },
  classes: ['ham', 'spam'],
}
const inputs: readonly Tensor[] = [
  { name: 'size', datatype: 'FP64', shape: [3, 1], data: Float64Array.of(1, 2, 3) },
  { name: 'note', datatype: 'BYTES', shape: [3, 1], data: ['free prize free', 'hello', 'prize'] },
]
const weights: Readonly<Record<string, number>> = { free: 0.125, prize: 0.5 }
const spamOf = (text: string): number => text.split(' ').reduce((sum, word) => sum + (weights[word] ?? 0), 0.0625)

const asked: string[][] = []
const runRows: RunRows = async ([, note]) => {
  const texts = note!.data as readonly string[]
  asked.push([...texts])
  const values = Float64Array.from(texts.flatMap((text) => [1 - spamOf(text), spamOf(text)]))
  return [{ name: 'probabilities', datatype: 'FP64', shape: [texts.length, 2], data: values }]
}

const rowOf = (text: string, note: number, more: object = {}): RowExplanation => ({
  ...{ class: 'spam', baseValue: 0, prediction: 0, answer: spamOf(text), additivityError: 0 },
  contributions: [
    { name: 'size', value: 1, contribution: 1 },
    { name: 'note', value: text, contribution: note, ...more },
  ],
})

test('texts -> what the answer loses without each word, strongest first; nothing of weak ones and of those that are told', async () => {
  const rows = [
    rowOf('free prize free', 1),
    rowOf('hello', 0.01),
    rowOf('prize', 1, { parts: [{ feature: 'note~prize', contribution: 1 }] }),
  ]
  expect(await wordEffects(manifest, inputs, rows, runRows)).toEqual([
    [
      { column: 'note', word: 'prize', effect: 0.5 },
      { column: 'note', word: 'free', effect: 0.25 },
    ],
    [],
    [],
  ])
  expect(asked).toEqual([['prize', 'free free']])
})
