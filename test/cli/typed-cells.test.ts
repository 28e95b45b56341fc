import { expect, onTestFinished, test } from 'vitest'
import { predictAll } from '../../cli/batches.ts'
import { typedCells } from '../../cli/typed-cells.ts'
import { connect } from '../../client/client.ts'
import { startService } from '../client/service.ts'

test.for([
  ['FP32', '1', 1],
  ['FP64', ' 2.5e-3 ', 0.0025],
  ['FP32', 'abc', 'abc'],
  ['FP32', ' ', ' '],
  ['INT64', '-7', -7],
  ['UINT8', '255', 255],
  ['BOOL', 'TRUE', true],
  ['BOOL', '0', false],
  ['BOOL', 'perhaps', 'perhaps'],
  ['BYTES', '1', '1'],
  ['FP32', null, null],
] as const)('an input %s with the cell %j -> %j', ([datatype, cell, expected]) => {
  expect(typedCells([{ name: 'x', datatype, shape: [-1, 1] }], [{ x: cell }])).toEqual([{ x: expected }])
})

test('a column that is no input -> text as it came', () => {
  expect(typedCells([], [{ y: '1' }])).toEqual([{ y: '1' }])
})

const json = { 'content-type': 'application/json' }
const facts = { ...json, 'percall-version': 'm/1', 'percall-units': '1', 'percall-cost': '0.1' }

test('a pushed model that refuses text -> the types it declares, and [n, 1] answers as numbers', async () => {
  const input = { name: 'x', datatype: 'FP32', shape: [-1, 1] }
  const service = await startService([
    { status: 400, headers: json, body: JSON.stringify({ code: 'BAD_VALUE', error: 'input x: got "1"' }) },
    { status: 200, headers: json, body: JSON.stringify({ inputs: [input] }) },
    { status: 200, headers: facts, body: JSON.stringify({ predictions: [[4.5]] }) },
  ])
  onTestFinished(service.close)
  const result = await predictAll(connect({ url: service.url }), 'm', [{ x: '1', y: '2' }], { unknown: 'ignore' })
  expect(result).toEqual({ predictions: [4.5], version: 'm/1', calls: 1, units: 1, cost: '0.1' })
  expect(service.seen.map(({ url }) => url)).toEqual([
    '/v1/models/m:predict?unknown=ignore',
    '/v2/models/m',
    '/v1/models/m:predict?unknown=ignore',
  ])
  expect(JSON.parse(service.seen[2]!.body)).toEqual({ instances: [{ x: 1, y: '2' }] })
})

test('a trained model -> text in one call, for its codec to parse', async () => {
  const service = await startService([{ status: 200, headers: facts, body: JSON.stringify({ predictions: [4.5] }) }])
  onTestFinished(service.close)
  await predictAll(connect({ url: service.url }), 'm', [{ x: '1,5' }], { unknown: 'refuse' })
  expect(service.seen.map(({ body }) => JSON.parse(body))).toEqual([{ instances: [{ x: '1,5' }] }])
})
