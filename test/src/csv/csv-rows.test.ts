import { expect, test } from 'vitest'
import type { Deployed } from '../../../src/call/deployed.ts'
import { type RowsBody, readRows } from '../../../src/call/instances.ts'
import type { Question } from '../../../src/call/question.ts'
import { PercallError } from '../../../src/errors.ts'
import type { TabularManifest } from '../../../src/registry/manifest.ts'
import type { Signature } from '../../../src/registry/signature.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const version = {
  model: 'm',
  number: 1,
  digest: 'd',
  sizeBytes: 1,
  createdAtMs: 0,
  signature: { inputs: [], outputs: [] },
}

const codec = {
  codecVersion: 1,
  columns: [
    { kind: 'numeric', name: 'size', missing: ['NA'], datatype: 'FP32', decimal: '.' },
    { kind: 'category', name: 'colour', missing: [], datatype: 'BYTES', case: 'keep', numbers: 'keep' },
  ],
} as const

const regression: TabularManifest = {
  schema: 1,
  percall: '0',
  task: 'regression',
  target: { name: 'price', kind: 'numeric' },
  codec,
  outputs: { prediction: 'y' },
}

const classes = ['a,b', '__proto__', 'c"']
const multiclass: TabularManifest = {
  ...regression,
  task: 'multiclass',
  outputs: { label: 'label', probabilities: 'p' },
  classes,
}

const y = (...values: readonly number[]): Tensor => ({
  name: 'y',
  datatype: 'FP64',
  shape: [values.length],
  data: Float64Array.from(values),
})

type Options = Partial<Pick<RowsBody, 'kind' | 'answer'>> & { readonly unknown?: 'refuse' | 'ignore' }

const ask = (deployed: Deployed, text: string, { kind = 'csv', answer = kind, unknown = 'refuse' }: Options = {}) =>
  readRows({ kind, text, answer }, { unknown })(deployed)

const csv = (text: string, options?: Options): Question => ask({ version, manifest: regression }, text, options)

const bodyOf = (question: Question, ...outputs: readonly Tensor[]) => question.encode(outputs).body

const dataOf = ({ inputs }: Question): unknown => inputs.map(({ data }) => [...(data as Iterable<unknown>)])

test('columns in any order, one missing -> inputs in the order of the codec, missing values for it', () => {
  expect(dataOf(csv('colour\nred\nblue\n'))).toEqual([
    [Number.NaN, Number.NaN],
    ['red', 'blue'],
  ])
  expect(dataOf(csv('colour,size\nred, 1.50 \n"ma""u,ve",NA\n,'))).toEqual([
    [1.5, Number.NaN, Number.NaN],
    ['red', 'ma"u,ve', ''],
  ])
})

test.for([
  ['LF and an end', 'size,colour\n1,red\n', 'size,colour,prediction\n1,red,10.5\n'],
  ['no end', 'size,colour\n1,red', 'size,colour,prediction\n1,red,10.5'],
  ['CRLF', 'size,colour\r\n1,red\r\n', 'size,colour,prediction\r\n1,red,10.5\r\n'],
  ['a byte order mark', '\uFEFFsize,colour\n1,red\n', '\uFEFFsize,colour,prediction\n1,red,10.5\n'],
  ['quotes and breaks', 'size,"colour"\n"1","r\n""d"""\n', 'size,"colour",prediction\n"1","r\n""d""",10.5\n'],
  ['semicolons', 'size;colour\n1;red\n', 'size;colour;prediction\n1;red;10.5\n'],
  ['empty lines', 'size,colour\n\n1,red\n\n', 'size,colour,prediction\n1,red,10.5\n'],
])('%s -> the same text with the prediction at the end of each line', ([, text, answer]) => {
  expect(bodyOf(csv(text as string), y(10.5))).toBe(answer)
})

test('columns that the model does not know -> all named; ignored on demand, and still echoed', () => {
  const text = 'id,size,prediction,note\n7,1,old,"x,y"\n'
  expect(() => csv(text)).toThrow('csv: expected size, colour, got id, prediction, note as well')
  const ignored = csv(text, { unknown: 'ignore' })
  expect(bodyOf(ignored, y(2))).toBe('id,size,prediction,note,prediction_1\n7,1,old,"x,y",2\n')
})

test('a table of another model, whose columns are ignored -> MISSING_INPUT; with one of its columns read', () => {
  expect(() => csv('rooms,area\n3,90\n', { unknown: 'ignore' })).toThrow(
    expect.objectContaining({
      code: 'MISSING_INPUT',
      message: 'csv: expected at least one of the columns size, colour, got rooms, area',
    }),
  )
  expect(dataOf(csv('rooms,colour\n3,red\n', { unknown: 'ignore' }))).toEqual([[Number.NaN], ['red']])
})

test('classes -> the label and a probability each, quoted where need be, whatever their names', () => {
  const label: Tensor = { name: 'label', datatype: 'BYTES', shape: [2], data: ['a,b', '__proto__'] }
  const p: Tensor = {
    name: 'p',
    datatype: 'FP32',
    shape: [2, 3],
    data: Float32Array.of(0.5, 0.3, 0.2, 0, 1, Number.NaN),
  }
  const deployed = { version, manifest: multiclass }
  const answer = bodyOf(ask(deployed, 'size\n1\n2\n'), label, p)
  expect(answer).toBe(
    'size,prediction,"probability_a,b",probability___proto__,"probability_c"""\n1,"a,b",0.5,0.3,0.2\n2,__proto__,0,1,\n',
  )
  const json = JSON.parse(String(bodyOf(ask(deployed, 'size\n1\n2\n', { answer: 'json' }), label, p)))
  expect(json.predictions.map((one: { label: string }) => one.label)).toEqual(['a,b', '__proto__'])
  expect(Object.entries(json.predictions[1].probabilities)).toEqual([
    ['a,b', 0],
    ['__proto__', 1],
    ['c"', null],
  ])
})

test('JSON rows, the answer as CSV -> columns of the model, then the others as they come', () => {
  const instances = [{ colour: 'a "b"', size: 1 }, [2, null], { size: 3, note: [1, { x: 2 }], ok: true }]
  const question = csv(JSON.stringify({ instances }), { kind: 'json', answer: 'csv', unknown: 'ignore' })
  expect(bodyOf(question, y(1, 2, Number.NaN))).toBe(
    'size,colour,note,ok,prediction\n1,"a ""b""",,,1\n2,,,,2\n3,,"[1,{""x"":2}]",true,\n',
  )
})

const raw = (inputs: Signature['inputs'], outputs: Signature['outputs'] = []): Deployed => ({
  version: { ...version, signature: { inputs, outputs } },
})

const column = (name: string, datatype: Tensor['datatype']) => ({ name, datatype, shape: [-1, 1] })

test('a model without columns -> cells by input name in the declared types, outputs by name', () => {
  const deployed = raw([column('n', 'INT64'), column('ok', 'BOOL'), column('t', 'BYTES'), column('x', 'FP64')])
  const question = ask(deployed, 'x,t,n,ok\n1.5, a ,9007199254740993,TRUE\n-2,,-1,0\n')
  expect(dataOf(question)).toEqual([
    [9007199254740993n, -1n],
    [1, 0],
    [' a ', ''],
    [1.5, -2],
  ])
  const n: Tensor = { name: 'big', datatype: 'INT64', shape: [2], data: BigInt64Array.of(9007199254740993n, 1n) }
  const wide: Tensor = { name: 'p', datatype: 'FP32', shape: [2, 2], data: Float32Array.of(0.1, 0.2, 0.3, 0.4) }
  expect(bodyOf(question, n, wide)).toBe(
    'x,t,n,ok,big,p_0,p_1\n1.5, a ,9007199254740993,TRUE,9007199254740993,0.1,0.2\n-2,,-1,0,1,0.3,0.4\n',
  )
})

const vector = raw([{ name: 'v', datatype: 'FP32', shape: [-1, 2] }])

test.for([
  ['numbered columns', 'v_1,v_0\n2,1\n'],
  ['as many columns as values', 'width,height\n1,2\n'],
])('one input of two values, %s -> its values', ([, text]) => {
  const question = ask(vector, text as string)
  expect(dataOf(question)).toEqual([[1, 2]])
  expect(bodyOf(question, { name: 'out', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.3) })).toMatch(
    /,prediction\n.*,0\.3\n$/,
  )
})

test.for<[string, Deployed, string, string, RegExp]>([
  ['no text', { version, manifest: regression }, '', 'BAD_TABLE', /line 1: expected the names/],
  ['no row', { version, manifest: regression }, 'size,colour\n', 'BAD_TABLE', /at least one row/],
  ['a name twice', { version, manifest: regression }, 'size,size\n1,2', 'BAD_TABLE', /"size" as in column 1/],
  [
    'a column without a name',
    { version, manifest: regression },
    'size,\n1,2',
    'BAD_TABLE',
    /column 2: expected a name/,
  ],
  [
    'a cell too many',
    { version, manifest: regression },
    'size\n1\n1,2',
    'BAD_TABLE',
    /line 3: expected 1 cells .*, got 2/,
  ],
  [
    'a cell too few',
    { version, manifest: regression },
    'size,colour\n1',
    'BAD_TABLE',
    /line 2: expected 2 cells .*, got 1/,
  ],
  ['text for a number', { version, manifest: regression }, 'size\n1\nbig', 'BAD_CELL', /^line 3, column size: .*"big"/],
  [
    'text behind a cell of two lines and an empty line',
    { version, manifest: regression },
    'size,colour\n1,"a\nb"\n\nbig,c',
    'BAD_CELL',
    /^line 5, column size: /,
  ],
  ['NUL in a category', { version, manifest: regression }, 'colour\nre\0d', 'BAD_CELL', /without NUL/],
  ['too many rows', { version, manifest: regression }, `size\n${'1\n'.repeat(250_001)}`, 'TOO_LARGE', /250000 rows/],
  ['text for a raw number', vector, 'v_0,v_1\n1,x', 'BAD_VALUE', /input v: element 1: expected FP32, got "x"/],
  ['a raw input that is not there', vector, 'w\n1', 'MISSING_INPUT', /expected column v_0 to v_1, got w/],
  ['another column than the raw ones', vector, 'v_0,v_1,w\n1,2,3', 'UNKNOWN_COLUMN', /expected v, got w as well/],
])('%s -> refused as a caller can repair it', ([, deployed, text, code, message]) => {
  let thrown: unknown
  try {
    ask(deployed, text)
  } catch (caught) {
    thrown = caught
  }
  expect(thrown).toBeInstanceOf(PercallError)
  expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) })
})
