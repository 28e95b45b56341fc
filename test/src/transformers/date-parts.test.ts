import fc from 'fast-check'
import { expect, test } from 'vitest'
import { missingInt64 } from '../../../src/dataset/codec.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import { dateParting } from '../../../src/transformers/date-parts.ts'
import { runGraph } from '../../fixtures/learning.ts'

const fromDate = (date: Date): readonly number[] => [
  date.getUTCFullYear(),
  date.getUTCMonth() + 1,
  date.getUTCDate(),
  (date.getUTCDay() + 6) % 7,
  Math.floor(date.getTime() / 86_400_000),
]

const range = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }

test('any dates -> Date agrees, in TypeScript and in the graph; missing is NaN', async () => {
  const graph = createGraph('test')
  const parts = dateParting.toGraph(null, graph, [graph.input('d', 'INT64', [-1, 1])])
  graph.output(parts, 'FP64', [-1, 5])
  const bytes = graph.toBytes()
  const property = fc.asyncProperty(fc.array(fc.date(range), { minLength: 1, maxLength: 200 }), async (dates) => {
    const seconds = [...dates.map((date) => BigInt(Math.floor(date.getTime() / 1000))), missingInt64]
    const expected = [...dates.map(fromDate), new Array<number>(5).fill(Number.NaN)]
    const data = BigInt64Array.from(seconds)
    const own = dateParting.apply(null, [data])
    expect(seconds.map((_, row) => own.map((part) => part[row]))).toStrictEqual(expected)
    const [served] = await runGraph(bytes, [{ name: 'd', datatype: 'INT64', shape: [seconds.length, 1], data }])
    expect(served!.data).toStrictEqual(Float64Array.from(expected.flat()))
  })
  await fc.assert(property, { numRuns: 30 })
})
