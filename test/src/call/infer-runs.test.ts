import { expect, test } from 'vitest'
import { inferRuns } from '../../../src/call/infer-runs.ts'
import type { Version } from '../../../src/registry/version.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const version: Version = {
  ...{ model: 'texts', number: 2, digest: '0'.repeat(64), sizeBytes: 1, createdAtMs: 0 },
  signature: { inputs: [], outputs: [] },
}

const tensor = (value: number): Tensor => ({ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(value) })

/** Runs that take a second each and double their input; the first loads for 5 s. */
const runAll = async (count: number, untilMs: number) => {
  let nowMs = 0
  let runs = 0
  const infer = inferRuns(
    async (_, [input], outputs) => {
      expect(outputs).toEqual(['y'])
      const loadMs = runs === 0 ? 5000 : 0
      runs += 1
      nowMs += 1000 + loadMs
      return { outputs: [tensor(2 * Number(input!.data[0]))], loadMs }
    },
    () => nowMs,
  )
  const inputs = Array.from({ length: count }, (_, i) => [tensor(i)])
  const keep = ([output]: readonly Tensor[], run: number) => [tensor(Number(output!.data[0]) + 100 * run)]
  const outcome = await infer({ version, runs: { inputs, keep }, outputs: ['y'] }, untilMs).then(
    ({ outputs, loadMs }) => ({ kept: outputs.map(({ data }) => data[0]), loadMs }),
    (thrown: unknown) => String(thrown),
  )
  return { outcome, runs }
}

test('three runs -> what each keeps, in their order; loading is counted apart', async () => {
  expect(await runAll(3, 20_000)).toEqual({ outcome: { kept: [0, 102, 204], loadMs: 5000 }, runs: 3 })
})

test('more runs than there is time for -> stopped before the one that would not end', async () => {
  const { outcome, runs } = await runAll(40, 20_000)
  expect(outcome).toMatch(/model texts\/2: expected 40 runs within the time of one call, got 15/)
  expect(runs).toBe(15)
})

test('a first run that is late already -> runs: it may be the only one', async () => {
  expect((await runAll(1, 0)).runs).toBe(1)
})
