import { expect, test } from 'vitest'
import { answerShard } from '../../../src/batch/answer-shard.ts'
import type { Batch } from '../../../src/batch/batch.ts'
import type { Version } from '../../../src/registry/version.ts'

const version: Version = {
  ...{ model: 'm', number: 1, digest: '', sizeBytes: 1, createdAtMs: 0 },
  signature: {
    inputs: [{ name: 'x', datatype: 'FP64', shape: [-1, 1] }],
    outputs: [{ name: 'prediction', datatype: 'FP64', shape: [-1] }],
  },
}

const manifest = {
  schema: 1,
  percall: '0.1.0',
  task: 'regression',
  target: { name: 'y', kind: 'numeric' },
  codec: { codecVersion: 1, columns: [{ kind: 'numeric', name: 'x', missing: [], datatype: 'FP64', decimal: '.' }] },
  outputs: { prediction: 'prediction' },
  rowsPerRun: 2,
} as const

test('a model that takes two rows a run -> five rows of a shard are three calls, answered in order', async () => {
  const runs: number[] = []
  const answer = answerShard(async (_, [input]) => {
    const data = Float64Array.from(input!.data as Float64Array, (x) => 2 * x) // as the codec makes it
    runs.push(data.length)
    return { outputs: [{ name: 'prediction', datatype: 'FP64', shape: [data.length], data }], loadMs: 0 }
  })
  const batch = { format: 'jsonl', output: 'jsonl', unknown: 'refuse' } as Batch // what answerShard reads of it
  const shard = { number: 1, key: 'shard', firstRow: 1, rows: 5 }
  const rows = [1, 2, 3, 4, 5].map((x) => JSON.stringify({ x }))
  const { lines, errors } = await answer(
    { batch, plan: { shards: 1, rows: 5, itemsKey: 'items', columns: [] }, shard },
    { version, manifest },
    rows,
  )
  expect(runs).toEqual([2, 2, 1])
  expect(errors).toEqual([])
  expect(lines.map((line) => JSON.parse(line).prediction)).toEqual([2, 4, 6, 8, 10])
})
