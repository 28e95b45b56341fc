import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkBody } from '../../../src/body.ts'
import { PercallError } from '../../../src/errors.ts'
import type { Signature } from '../../../src/registry/signature.ts'
import { decodeInferRequest } from '../../../src/tensor/infer-request.ts'
import { encodeInferResponse as encodeResponse, type InferResponse } from '../../../src/tensor/infer-response.ts'
import { inferRequestSchema, parseInferBody } from '../../../src/tensor/json-request.ts'
import type { Datatype, Tensor, TensorData } from '../../../src/tensor/tensor.ts'

const encodeInferResponse = (response: InferResponse): string => String(encodeResponse(response).body)

const signatureOf = (datatype: Datatype, shape: readonly number[] = [-1]): Signature => ({
  inputs: [{ name: 'x', datatype, shape }],
  outputs: [{ name: 'y', datatype, shape }],
})

/** `data` is JSON text, so that numbers beyond 2^53 reach the reader as a caller writes them. */
const bodyOf = (datatype: string, shape: readonly number[], data: string): string =>
  `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[${shape}],"data":${data}}]}`

const decode = (datatype: Datatype, data: string, shape: readonly number[], declared: readonly number[] = [-1]) =>
  decodeInferRequest(bodyOf(datatype, shape, data), signatureOf(datatype, declared)).inputs[0]

const refusal = (run: () => unknown): string => {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof PercallError) return `${thrown.code}: ${thrown.message}`
    throw thrown
  }
  return 'no error'
}

test.for([
  ['BOOL', '[true,false,1,0]', Uint8Array.of(1, 0, 1, 0)],
  ['UINT8', '[0,255]', Uint8Array.of(0, 255)],
  ['UINT16', '[65535]', Uint16Array.of(65_535)],
  ['UINT32', '[4294967295]', Uint32Array.of(4_294_967_295)],
  ['UINT64', '[18446744073709551615,9007199254740993]', BigUint64Array.of(2n ** 64n - 1n, 2n ** 53n + 1n)],
  ['INT8', '[-128,127]', Int8Array.of(-128, 127)],
  ['INT16', '[-32768]', Int16Array.of(-32_768)],
  ['INT32', '[-2147483648,2147483647]', Int32Array.of(-2_147_483_648, 2_147_483_647)],
  ['INT64', '[-9223372036854775808,9007199254740993,1.0]', BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n, 1n)],
  ['FP32', '[0.1,-3.4028234663852886e38]', Float32Array.of(0.1, -3.4028234663852886e38)],
  ['FP64', '[0.1,1e308]', Float64Array.of(0.1, 1e308)],
  ['BYTES', '["","ä€😀"]', ['', 'ä€😀']],
] as const)('%s %s -> exact', ([datatype, text, expected]) => {
  expect(decode(datatype, text, [expected.length])?.data).toEqual(expected)
})

test.for([
  ['UINT8', '[256]', 'BAD_VALUE: input x: element 0: expected UINT8 0..255, got 256'],
  ['UINT8', '[1.5]', 'BAD_VALUE: input x: element 0: expected UINT8 0..255, got 1.5'],
  ['INT8', '["1"]', 'BAD_VALUE: input x: element 0: expected INT8 -128..127, got "1"'],
  ['UINT64', '[-1]', 'BAD_VALUE: input x: element 0: expected UINT64 0..18446744073709551615, got -1'],
  ['UINT64', '[18446744073709551616]', 'BAD_VALUE: input x: element 0: expected UINT64 0..18446744073709551615'],
  ['INT64', '[9223372036854775808]', 'BAD_VALUE: input x: element 0: expected INT64'],
  ['INT64', '[1e300]', 'BAD_VALUE: input x: element 0: expected INT64'],
  ['INT64', '[0.5]', 'BAD_VALUE: input x: element 0: expected INT64'],
  ['FP32', '[1e39]', 'BAD_VALUE: input x: element 0: expected a finite FP32, got 1e+39'],
  ['FP64', '[1e400]', 'BAD_VALUE: input x: element 0: expected a finite FP64, got Infinity'],
  ['FP32', '[null]', 'BAD_VALUE: input x: element 0: expected FP32, got null'],
  ['BOOL', '[2]', 'BAD_VALUE: input x: element 0: expected true or false, got 2'],
  ['BYTES', '["a\\u0000b"]', 'BAD_VALUE: input x: element 0: expected a string without NUL'],
  ['BYTES', '["\\ud800"]', 'BAD_VALUE: input x: element 0: expected a UTF-8 string'],
  ['BYTES', '[7]', 'BAD_VALUE: input x: element 0: expected a UTF-8 string, got 7'],
  ['FP16', '[1]', 'BAD_DATATYPE: input x: expected FP16 as binary data, got JSON'],
  ['BF16', '[1]', 'BAD_DATATYPE: input x: expected BF16 as binary data, got JSON'],
] as const)('%s %s -> refused', ([datatype, text, expected]) => {
  expect(refusal(() => decode(datatype, text, [1]))).toContain(expected)
})

test.for([
  { given: 'flat data', shape: [2, 2], data: '[1,2,3,4]' },
  { given: 'nested data', shape: [2, 2], data: '[[1,2],[3,4]]' },
])('$given of shape [2,2] -> row-major', ({ shape, data }) => {
  expect(decode('FP32', data, shape, [-1, 2])?.data).toEqual(Float32Array.of(1, 2, 3, 4))
})

test.for([
  { given: 'too few', shape: [2, 2], data: '[1,2,3]', says: 'expected 4 elements, got 3' },
  { given: 'ragged', shape: [2, 2], data: '[[1,2],[3]]', says: 'expected 2 elements at depth 1, got 1 elements' },
  { given: 'a value among rows', shape: [2, 2], data: '[[1,2],3]', says: 'expected 2 elements at depth 1, got 3' },
  { given: 'another width', shape: [2, 3], data: '[[1,2,3],[4,5,6]]', says: 'input x: expected [-1,2], got [2,3]' },
  { given: 'another rank', shape: [4], data: '[1,2,3,4]', says: 'input x: expected [-1,2], got [4]' },
])('$given -> SHAPE_MISMATCH', ({ shape, data, says }) => {
  const message = refusal(() => decode('FP32', data, shape, [-1, 2]))
  expect(message).toContain('SHAPE_MISMATCH')
  expect(message).toContain(says)
})

test.for([
  { body: '{', code: 'BAD_JSON' },
  { body: '[]', code: 'BAD_REQUEST' },
  { body: '{}', code: 'BAD_REQUEST' },
  { body: '{"inputs":[{"name":"x","datatype":"FP32","shape":[1]}]}', code: 'BAD_REQUEST' },
  { body: '{"inputs":[{"name":"x","datatype":"FP32","shape":[-1],"data":[1]}]}', code: 'BAD_REQUEST' },
  { body: '{"inputs":[]}', code: 'MISSING_INPUT' },
  { body: bodyOf('FP64', [1], '[1]'), code: 'BAD_DATATYPE' },
  { body: bodyOf('FP32', [1], '[1]').replace('"x"', '"z"'), code: 'UNKNOWN_INPUT' },
  { body: bodyOf('FP32', [1], '[1]').replace(']}]}', ']}],"outputs":[{"name":"z"}]}'), code: 'UNKNOWN_OUTPUT' },
  {
    body: bodyOf('FP32', [1], '[1]').replace(']}]}', ']}],"outputs":[{"name":"y","parameters":{"classification":0}}]}'),
    code: 'BAD_REQUEST',
  },
  { body: bodyOf('FP32', [1], `${'['.repeat(100_000)}1${']'.repeat(100_000)}`), code: 'BAD_VALUE' },
])('$body -> $code', ({ body, code }) => {
  expect(refusal(() => decodeInferRequest(body, signatureOf('FP32')))).toContain(`${code}:`)
})

test('a body that nests a million deep in a whole-number input -> a refusal, not a crash', () => {
  const deep = `${'['.repeat(1_000_000)}1${']'.repeat(1_000_000)}`
  expect(refusal(() => decode('INT64', deep, [1]))).toMatch(/^(BAD_JSON|BAD_VALUE|SHAPE_MISMATCH):/)
})

test('__proto__ in a body -> no object gains a property', () => {
  const body = '{"__proto__":{"id":"p"},"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}'
  expect(decodeInferRequest(body, signatureOf('FP32')).id).toBeUndefined()
})

test('a sequence output -> 501, unless the caller asks for the others', () => {
  const signature: Signature = {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }],
    outputs: [
      { name: 'label', datatype: 'INT64', shape: [-1] },
      { name: 'probabilities', datatype: 'FP32', shape: [], kind: 'sequence' },
    ],
  }
  const body = bodyOf('FP32', [1], '[1]')
  expect(refusal(() => decodeInferRequest(body, signature))).toContain('OUTPUT_NOT_EXPRESSIBLE')
  const chosen = body.replace(/}$/, ',"outputs":[{"name":"label"}]}')
  expect(decodeInferRequest(chosen, signature).outputs).toEqual([{ name: 'label', binary: false }])
})

const floats = { noNaN: true, noDefaultInfinity: true } as const
const float32 = fc.float(floats)
const float64 = fc.double(floats)

const arbitraries: readonly [Datatype, fc.Arbitrary<TensorData>][] = [
  ['BOOL', fc.array(fc.integer({ min: 0, max: 1 })).map((values) => Uint8Array.from(values))],
  ['UINT8', fc.uint8Array()],
  ['UINT16', fc.uint16Array()],
  ['UINT32', fc.uint32Array()],
  ['UINT64', fc.bigUint64Array()],
  ['INT8', fc.int8Array()],
  ['INT16', fc.int16Array()],
  ['INT32', fc.int32Array()],
  ['INT64', fc.bigInt64Array()],
  ['FP32', fc.array(float32).map((values) => Float32Array.from(values))],
  ['FP64', fc.array(float64).map((values) => Float64Array.from(values))],
  ['BYTES', fc.array(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\0')))],
]

/** JSON has one zero, so -0 comes back as 0. */
const unsigned = (data: TensorData): TensorData =>
  data instanceof Float32Array || data instanceof Float64Array ? data.map((value) => value + 0) : data

test.for(arbitraries)('%s written and read -> the same values', ([datatype, data]) => {
  fc.assert(
    fc.property(data, (values) => {
      const tensor: Tensor = { name: 'x', datatype, shape: [values.length], data: values }
      const text = encodeInferResponse({ model: 'm', version: 1, outputs: [tensor] })
      const body = text.replace('"outputs"', '"inputs"')
      expect(unsigned(decodeInferRequest(body, signatureOf(datatype)).inputs[0]!.data)).toEqual(unsigned(values))
    }),
  )
})

const fewestDigits = (x: number): number => {
  for (let digits = 1; digits < 9; digits++) if (Math.fround(Number(x.toPrecision(digits))) === x) return digits
  return 9
}

const significantDigits = (text: string): number =>
  text.replace(/^-/, '').replace(/e.*$/i, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length

const written = (x: number): string => {
  const tensor: Tensor = { name: 'y', datatype: 'FP32', shape: [1], data: Float32Array.of(x) }
  return /"data":\[(.*?)\]/.exec(encodeInferResponse({ model: 'm', version: 1, outputs: [tensor] }))?.[1] ?? ''
}

test.for([
  [0.3, '0.3'],
  [1 / 3, '0.33333334'],
  [16_777_216, '16777216'],
  [3.4028234663852886e38, '3.4028235e+38'],
  [1e-45, '1e-45'],
  [1.17549435e-38, '1.1754944e-38'],
  [0.1 + 0.2, '0.3'],
] as const)('FP32 %d -> %s', ([x, expected]) => {
  expect(written(x)).toBe(expected)
})

test('any FP32 -> a decimal that names it, with no more digits than needed', () => {
  fc.assert(
    fc.property(float32, (x) => {
      const text = written(x)
      expect(Math.fround(Number(text))).toBe(x + 0)
      // Whole numbers below 1e9 keep all their digits.
      if (!Number.isInteger(x)) expect(significantDigits(text)).toBeLessThanOrEqual(fewestDigits(x))
    }),
    { numRuns: 5000 },
  )
})

test('NaN and infinities -> null, and the output says so', () => {
  const data = Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY)
  const text = encodeInferResponse({
    model: 'cars',
    version: 3,
    id: 'a',
    outputs: [{ name: 'y', datatype: 'FP32', shape: [3], data }],
  })
  expect(JSON.parse(text)).toEqual({
    model_name: 'cars',
    model_version: '3',
    id: 'a',
    outputs: [{ name: 'y', datatype: 'FP32', shape: [3], data: [1, null, null], parameters: { non_finite: true } }],
  })
})

test('an input whose file declares no shape -> any shape fits', () => {
  const spec = { name: 'x', datatype: 'FP32', shape: [-1], unknownRank: true } as const
  const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }] }
  const { inputs } = decodeInferRequest(JSON.stringify(body), { inputs: [spec], outputs: [{ ...spec, name: 'y' }] })
  expect(inputs).toMatchObject([{ shape: [1, 2] }])
})

const odd = fc.constantFrom<unknown>(undefined, null, 0, -1, 1.5, 2 ** 53, 'x', true, [], [1], {}, { x: 1 })
/** Members of a body that are right, or odd, or not there. */
const member = (right: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: right }, odd)
const inputMembers = fc.record(
  {
    name: member(fc.constant('x')),
    datatype: member(fc.constant('FP32')),
    shape: member(fc.array(member(fc.nat(9)), { maxLength: 70 })),
    data: member(fc.array(odd)),
    parameters: odd,
    more: odd,
  },
  { requiredKeys: ['name', 'datatype', 'shape', 'data'] },
)
const outputMembers = fc.record({ name: member(fc.constant('y')), parameters: odd })
const bodies = fc.record(
  {
    id: member(fc.string()),
    inputs: member(fc.array(member(inputMembers), { maxLength: 3 })),
    outputs: member(fc.array(member(outputMembers), { maxLength: 2 })),
    parameters: odd,
    more: odd,
  },
  { requiredKeys: ['inputs'] },
)

test('any body, told by one look or not -> what its schema says of it', () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: bodies }, odd), (body) => {
      const text = JSON.stringify(body) ?? 'null'
      const bySchema = (value: unknown) => checkBody(inferRequestSchema, value)
      const expected = refusal(() => bySchema(JSON.parse(text)))
      expect(refusal(() => parseInferBody(text))).toBe(expected)
      if (expected === 'no error') expect(bySchema(parseInferBody(text))).toEqual(bySchema(JSON.parse(text)))
    }),
    { numRuns: 2000 },
  )
})
