import fc from 'fast-check'
import { expect, test } from 'vitest'
import { missingInt64 } from '../../../src/dataset/codec.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import { type DatePart, dateParting, dateParts } from '../../../src/transformers/date-parts.ts'
import { runGraph } from '../../fixtures/learning.ts'

const turn = 2 * Math.PI

const fromDate = (date: Date): readonly number[] => {
  const [month, weekday, hour] = [date.getUTCMonth(), (date.getUTCDay() + 6) % 7, date.getUTCHours()]
  return [
    date.getUTCFullYear(),
    month + 1,
    date.getUTCDate(),
    weekday,
    Math.floor(date.getTime() / 86_400_000),
    hour,
    ...[month / 12, weekday / 7, hour / 24].flatMap((share) => [Math.sin(turn * share), Math.cos(turn * share)]),
  ]
}

const range = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }

const parting = dateParting('FP64')

test('any dates -> Date agrees; the graph has the bits; missing is NaN', async () => {
  const graph = createGraph('test')
  const parts = parting.toGraph(dateParts, graph, graph.input('d', 'INT64', [-1, 1]))
  graph.output(parts, 'FP64', [-1, dateParts.length])
  const bytes = graph.toBytes()
  const property = fc.asyncProperty(fc.array(fc.date(range), { minLength: 1, maxLength: 200 }), async (dates) => {
    const seconds = [...dates.map((date) => BigInt(Math.floor(date.getTime() / 1000))), missingInt64]
    const expected = [...dates.map(fromDate), new Array<number>(dateParts.length).fill(Number.NaN)]
    const data = BigInt64Array.from(seconds)
    const own = parting.apply(dateParts, data)
    const rows = seconds.map((_, row) => own.map((part) => part[row]!))
    rows.flat().forEach((value, at) => {
      // Another order of the same multiplications may round a sine differently.
      const distance = Math.abs(value - expected.flat()[at]!)
      if (!Number.isNaN(value)) expect(distance).toBeLessThan(1e-15)
      else expect(expected.flat()[at]).toBeNaN()
    })
    const [served] = await runGraph(bytes, [{ name: 'd', datatype: 'INT64', shape: [seconds.length, 1], data }])
    expect(served!.data).toStrictEqual(Float64Array.from(rows.flat()))
  })
  await fc.assert(property, { numRuns: 30 })
})

const at = (text: string): bigint => BigInt(Date.parse(text) / 1000)

test.for<{ dates: readonly string[]; parts: readonly DatePart[] }>([
  { dates: ['1970-01-01', '1971-01-01'], parts: ['year', 'weekday', 'day number', 'weekday sin', 'weekday cos'] },
  { dates: ['2024-02-29T05:00:00Z', '2024-02-29T06:00:00Z'], parts: ['hour', 'hour sin', 'hour cos'] },
  { dates: ['2024-02-29', '2024-02-29'], parts: [] },
])('dates $dates -> only the parts that differ: $parts', ({ dates, parts }) => {
  expect(parting.fit(BigInt64Array.from([missingInt64, ...dates.map(at)]))).toEqual(parts)
})
