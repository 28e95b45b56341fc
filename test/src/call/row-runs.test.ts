import { expect, test } from 'vitest'
import { encodedJson } from '../../../src/call/encoded.ts'
import type { Question } from '../../../src/call/question.ts'
import { inRowRuns } from '../../../src/call/row-runs.ts'
import type { TabularManifest } from '../../../src/registry/manifest.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const manifest = (rowsPerRun?: number): TabularManifest => ({
  schema: 1,
  percall: '0.1.0',
  task: 'regression',
  target: { name: 'y', kind: 'numeric' },
  codec: { codecVersion: 1, columns: [] },
  outputs: { prediction: 'prediction' },
  ...(rowsPerRun !== undefined && { rowsPerRun }),
})

const texts = (data: readonly string[]): Tensor => ({ name: 'x', datatype: 'BYTES', shape: [data.length, 1], data })

const question: Question = {
  inputs: [texts(['a', 'bb', 'ccc', 'dddd', 'eeeee'])],
  outputs: ['length', 'twice'],
  rows: 5,
  encode: (outputs) => encodedJson(JSON.stringify(outputs.map(({ name, data }) => [name, ...(data as Float64Array)]))),
}

/** Two outputs of a run, as a graph answers them. */
const run = ([input]: readonly Tensor[]): readonly Tensor[] =>
  [1, 2].map((times, place) => {
    const data = Float64Array.from(input!.data as readonly string[], ({ length }) => times * length)
    return { name: question.outputs[place]!, datatype: 'FP64', shape: [data.length], data }
  })

test('five rows of a model that takes two a run -> three runs, answered as one', () => {
  const asked = inRowRuns({ manifest: manifest(2) }, question)
  expect(asked.runs?.inputs.map(([input]) => input!.data)).toEqual([['a', 'bb'], ['ccc', 'dddd'], ['eeeee']])
  expect(asked.inputs).toEqual(asked.runs?.inputs[0])
  const kept = asked.runs!.inputs.flatMap((inputs, place) => asked.runs!.keep(run(inputs), place))
  expect(asked.encode(kept)).toEqual(question.encode(run(question.inputs)))
})

test.for([
  { name: 'a model of any number of rows', deployed: { manifest: manifest() } },
  { name: 'no more rows than a run takes', deployed: { manifest: manifest(5) } },
  { name: 'a model without a manifest', deployed: {} },
])('$name -> the question as it was', ({ deployed }) => {
  expect(inRowRuns(deployed, question)).toBe(question)
})
