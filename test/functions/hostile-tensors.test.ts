/** Binary requests that are wrong, through the real handler: each is refused for its own reason, and free. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Asked } from './doors.ts'
import {
  bytesInput,
  bytesOf,
  type EchoDoors,
  framed,
  input0,
  input1,
  openEchoDoors,
  sixteen,
  uint32s,
  x4,
} from './echo-doors.ts'

let doors: EchoDoors
const ask: EchoDoors['ask'] = (model, asked) => doors.ask(model, asked)
beforeAll(async () => {
  doors = await openEchoDoors()
})
afterAll(() => doors.close())

const good = JSON.stringify({ inputs: [x4] })
const jsonLength = good.length
const headed = (value: string, body: Uint8Array = bytesOf(good, sixteen)): Asked => ({
  body,
  headers: { 'inference-header-content-length': value },
})

test.for<[string, string, Asked, string, RegExp]>([
  ['negative', 'scores', headed('-1'), 'BAD_REQUEST', /expected 0 to the body's 110 bytes, got "-1"/],
  ['beyond the body', 'scores', headed(String(jsonLength + 17)), 'BAD_REQUEST', /got "111"/],
  ['not a number', 'scores', headed('ten'), 'BAD_REQUEST', /got "ten"/],
  ['a fraction', 'scores', headed('94.0'), 'BAD_REQUEST', /got "94.0"/],
  ['hexadecimal', 'scores', headed('0x5d'), 'BAD_REQUEST', /got "0x5d"/],
  ['beyond 2^53', 'scores', headed('9'.repeat(30)), 'BAD_REQUEST', /got "9{30}"/],
  ['twice', 'scores', headed('94,94'), 'BAD_REQUEST', /got "94,94"/],
  ['empty', 'scores', headed(''), 'BAD_REQUEST', /got ""/],
  ['one short of the JSON', 'scores', headed(String(jsonLength - 1)), 'BAD_JSON', /expected JSON/],
  ['one into the data', 'scores', headed(String(jsonLength + 1)), 'BAD_JSON', /expected JSON/],
  ['all of the body', 'scores', headed(String(jsonLength + 16)), 'BAD_JSON', /expected JSON/],
  ['0 with JSON in the body', 'scores', headed('0'), 'SHAPE_MISMATCH', /expected a multiple of 16 bytes, got 110/],
  [
    'data cut short',
    'scores',
    headed(String(jsonLength), bytesOf(good, sixteen.subarray(1))),
    'SHAPE_MISMATCH',
    /expected 16 .* got 15/,
  ],
  [
    'bytes left over',
    'scores',
    headed(String(jsonLength), bytesOf(good, sixteen, [0])),
    'SHAPE_MISMATCH',
    /expected 16 .* got 17/,
  ],
  [
    'a size that is not the shape',
    'scores',
    framed({ inputs: [{ ...x4, parameters: { binary_data_size: 12 } }] }, sixteen),
    'SHAPE_MISMATCH',
    /\[1,4\] of FP32: expected 16 bytes, got 12/,
  ],
  [
    'a size of 2^50',
    'scores',
    framed({ inputs: [{ ...x4, parameters: { binary_data_size: 2 ** 50 } }] }, sixteen),
    'SHAPE_MISMATCH',
    /expected 1125899906842624 bytes of binary data/,
  ],
  [
    'a negative size',
    'scores',
    framed({ inputs: [{ ...x4, parameters: { binary_data_size: -16 } }] }, sixteen),
    'BAD_REQUEST',
    /binary_data_size/,
  ],
  [
    'data twice',
    'scores',
    framed({ inputs: [{ ...x4, data: [1, 2, 3, 4] }] }, sixteen),
    'BAD_REQUEST',
    /either data or parameters.binary_data_size, got both/,
  ],
  [
    'no data',
    'scores',
    { body: { inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP32' }] } },
    'BAD_REQUEST',
    /got neither/,
  ],
  [
    'a BOOL of 2',
    'spec',
    framed({ inputs: [input0, input1] }, uint32s, [0, 2, 1]),
    'BAD_VALUE',
    /input1: element 1: expected 0 or 1, got 2/,
  ],
  ['a text that is no UTF-8', 'text', framed(bytesInput([1, 1], 5), [1, 0, 0, 0, 255]), 'BAD_VALUE', /UTF-8/],
  ['NUL in a text', 'text', framed(bytesInput([1, 1], 6), [2, 0, 0, 0, 65, 0]), 'BAD_VALUE', /without NUL/],
  [
    'a length beyond the data',
    'text',
    framed(bytesInput([1, 1], 5), [255, 255, 255, 255, 65]),
    'SHAPE_MISMATCH',
    /expected 4294967299 for element 0 bytes, got 5/,
  ],
  ['half a length', 'text', framed(bytesInput([1, 1], 3), [1, 0, 0]), 'SHAPE_MISMATCH', /at least 4 bytes, got 3/],
  [
    'bytes behind the texts',
    'text',
    framed(bytesInput([1, 1], 6), [1, 0, 0, 0, 65, 66]),
    'SHAPE_MISMATCH',
    /expected 5 bytes, got 6/,
  ],
  ['2^40 texts', 'text', framed(bytesInput([2 ** 40, 1], 4), [0, 0, 0, 0]), 'SHAPE_MISMATCH', /at least 4398046511104/],
  [
    'a zero beside 2^40',
    'square',
    { body: { inputs: [{ name: 'x', shape: [2 ** 40, 0], datatype: 'FP32', data: [] }] } },
    'SHAPE_MISMATCH',
    /at most 4194304 elements beside/,
  ],
  ['raw for two inputs', 'spec', headed('0'), 'BAD_REQUEST', /a model with one input, got 2/],
  ['raw for two variable sizes', 'square', headed('0'), 'BAD_REQUEST', /at most one variable size, got \[-1,-1\]/],
  [
    'FP16 asked for in JSON',
    'half',
    framed({ inputs: [{ name: 'h', shape: [1], datatype: 'FP16', parameters: { binary_data_size: 2 } }] }, [0, 60]),
    'BAD_DATATYPE',
    /expected parameters.binary_data true for FP16/,
  ],
  [
    'FP16 sent in JSON',
    'half',
    { body: { inputs: [{ name: 'h', shape: [1], datatype: 'FP16', data: [1] }] } },
    'BAD_DATATYPE',
    /expected FP16 as binary data/,
  ],
])('%s -> 400, nothing charged, and the next call is answered', async ([, model, asked, code, words]) => {
  const before = (await doors.usageRows()).length
  const { status, body } = await ask(model, asked)
  expect({ status, code: body?.code, error: body?.error }).toEqual({
    status: 400,
    code,
    error: expect.stringMatching(words),
  })
  expect(await doors.usageRows()).toHaveLength(before)
  expect((await ask('scores', framed({ inputs: [x4] }, sixteen))).status).toBe(200)
})
