import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowRunner } from '../../../src/call/converse.ts'
import type { Deployed } from '../../../src/call/deployed.ts'
import type { Infer } from '../../../src/ports.ts'

const deployedOf = (firstDimension: number, rowsPerRun?: number): Deployed => ({
  version: {
    model: 'm',
    number: 1,
    digest: '0'.repeat(64),
    sizeBytes: 1,
    signature: {
      inputs: [{ name: 'x', datatype: 'FP64', shape: [firstDimension, 1] }],
      outputs: [{ name: 'y', datatype: 'FP64', shape: [firstDimension] }],
    },
    createdAtMs: 0,
  },
  ...(rowsPerRun !== undefined && {
    manifest: {
      ...({ schema: 1, percall: '', task: 'regression' } as const),
      target: { name: 'y', kind: 'numeric' },
      codec: { codecVersion: 1, columns: [] },
      outputs: { prediction: 'y' },
      rowsPerRun,
    },
  }),
})

/** Doubles each value, and keeps how many rows each run had. */
const doubler = (sizes: number[], tookMs = 0) => {
  let nowMs = 0
  const infer: Infer = async (_, [x]) => {
    const values = Float64Array.from(x!.data as Float64Array, (value) => 2 * value)
    sizes.push(values.length)
    nowMs += tookMs
    return { outputs: [{ name: 'y', datatype: 'FP64', shape: [values.length], data: values }], loadMs: 0 }
  }
  return rowRunner(infer, () => nowMs)
}

const column = (values: readonly number[]) => ({
  name: 'x',
  datatype: 'FP64' as const,
  shape: [values.length, 1],
  data: Float64Array.from(values),
})

test('any number of rows -> the answers of all in order, in runs that the graph takes', async () => {
  const rows = fc.array(fc.integer(), { minLength: 1, maxLength: 40 })
  const first = fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: 7 }))
  const perRun = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(rows, first, perRun, async (values, fixed, most) => {
      const sizes: number[] = []
      const { runRows } = doubler(sizes)(deployedOf(fixed, most), Number.POSITIVE_INFINITY)
      const [y] = await runRows([column(values)], ['y'])
      expect(Array.from(y!.data as Float64Array)).toEqual(values.map((value) => 2 * value))
      expect(y!.shape).toEqual([values.length])
      if (fixed > 0) expect(sizes.every((size) => size === fixed)).toBe(true)
      else if (most !== undefined) expect(Math.max(...sizes)).toBeLessThanOrEqual(most)
    }),
  )
})

test('rows of many bytes -> runs of fewer rows', async () => {
  const sizes: number[] = []
  const infer: Infer = async (_, [x]) => {
    const rows = x!.shape[0]!
    sizes.push(rows)
    return { outputs: [{ name: 'y', datatype: 'FP64', shape: [rows], data: new Float64Array(rows) }], loadMs: 0 }
  }
  const { runRows } = rowRunner(infer, () => 0)(deployedOf(-1), Number.POSITIVE_INFINITY)
  const width = 4096
  await runRows([{ name: 'x', datatype: 'FP32', shape: [300, width], data: new Float32Array(300 * width) }], ['y'])
  const texts = ['a'.repeat(2 ** 20 - 32), ...new Array<string>(9).fill('b')]
  await runRows([{ name: 'x', datatype: 'BYTES', shape: [10, 1], data: texts }], ['y'])
  expect(sizes).toEqual([256, 44, 8, 2])
})

test('a run that would not end in time -> refused before it begins', async () => {
  const sizes: number[] = []
  const { runRows } = doubler(sizes, 10)(deployedOf(1), 25)
  await expect(runRows([column([1, 2, 3, 4])], ['y'])).rejects.toMatchObject({ code: 'INFERENCE_TIMEOUT' })
  expect(sizes).toHaveLength(2)
})
