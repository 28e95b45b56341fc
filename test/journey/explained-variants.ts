import { tmpdir } from 'node:os'
import { expect } from 'vitest'
import { createRandom } from '../../src/random.ts'
import { runHere } from '../cli/run-here.ts'
import type { Stack } from '../stack/stack.ts'

const levels = 300
const rows = 900

/** Trees read the levels as a table of numbers, large enough for the variant `half`. */
const table = (): string => {
  const random = createRandom(5)
  const effects = Array.from({ length: levels }, () => 10 * random())
  const lines = Array.from({ length: rows }, (_, i) => {
    const isLarge = random() > 0.5
    const y = effects[i % levels]! + (isLarge ? 3 : 0) + 0.1 * random()
    return `${isLarge ? 'large' : 'small'},level ${i % levels},${y.toFixed(4)}`
  })
  return `size,place,y\n${lines.join('\n')}\n`
}

type Explained = {
  readonly method: string
  readonly explanations: readonly {
    readonly baseValue: number
    readonly prediction: number
    readonly answer: number
    readonly contributions: readonly { readonly contribution: number }[]
  }[]
}

/** Explains a row of a version: its contributions add up to what is told, and that to what the version answers itself. */
const methodOf = async ({ send }: Stack, model: string, instance: object): Promise<string> => {
  const body = { instances: [instance] }
  const predicted = await send('POST', `/v1/models/${model}:predict`, { body })
  const { status, body: told } = await send('POST', `/v1/models/${model}:explain`, { body })
  expect(status, JSON.stringify(told)).toBe(200)
  const { method, explanations } = told as Explained
  const [{ baseValue, prediction, answer, contributions }] = explanations as [Explained['explanations'][0]]
  const sum = contributions.reduce((total, { contribution }) => total + contribution, baseValue)
  expect(sum).toBeCloseTo(prediction, 9)
  expect(answer).toBeCloseTo(predicted.body.predictions[0], 9)
  // Rounding to binary16 moves this answer by about 1e-3.
  expect(prediction).toBeCloseTo(answer, 6)
  return method
}

/** `levels` 1 is as it was fitted, 2 its variant by the command line, 3 by a run that chose one itself. */
export const explainedVariants = async (
  stack: Stack,
  train: (body: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>,
): Promise<void> => {
  const { send } = stack
  const csv = { 'content-type': 'text/csv' }
  expect((await send('POST', '/api/datasets/levels/versions', { body: table(), headers: csv })).status).toBe(201)
  const parameters = { gbdt: { iterations: 20, leaves: 8 } }
  const asked = {
    model: 'levels',
    dataset: 'levels',
    target: 'y',
    algorithms: ['gbdt'],
    parameters,
    gate: 'none',
    promote: false,
  }
  expect(await train(asked)).toMatchObject({ state: 'succeeded', version: 1 })
  const { running, ownerKey } = stack
  const env = { HOME: tmpdir(), PERCALL_URL: running.url, PERCALL_KEY: ownerKey }
  const words = ['optimise', 'levels@1', '--policy', 'smallest:1%']
  const { code, stdout, stderr } = await runHere(words, { cwd: tmpdir(), env })
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('half *') })
  expect(stderr).toContain('live is still version 1: calls of levels get that; move it: percall alias levels live 2')
  expect(await train({ ...asked, optimise: 'smallest:1%' })).toMatchObject({ state: 'succeeded', version: 3 })
  expect((await send('GET', '/api/models/levels/versions/3')).body.optimisation.chosen).toBe('half')
  const instance = { size: 'large', place: 'level 17' }
  const methods = [1, 2, 3].map((version) => methodOf(stack, `levels@${version}`, instance))
  expect(await Promise.all(methods)).toEqual(['tree-interventional', 'permutation', 'permutation'])
  const [first, second, third] = await Promise.all(
    [1, 2, 3].map(async (version) => (await send('GET', `/api/models/levels/versions/${version}/explanations`)).body),
  )
  expect(first.shap.method).toBe('tree-interventional')
  // Those of the version that it is a variant of; a run makes its own of what serves.
  expect(second).toEqual(first)
  expect(third.shap.method).toBe('permutation')
}
