/** Requests of tensors, each right or with one known fault, and what the service must say to it. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { anyLiteral, bytesOfLiteral, type FuzzDatatype, fuzzDatatypes, goodBytes, goodLiteral } from './element.ts'

export type FuzzInput = { readonly name: string; readonly datatype: FuzzDatatype; readonly declared: readonly number[] }

/** Identity models by name. */
export const fuzzModels: Readonly<Record<string, readonly FuzzInput[]>> = {
  ...Object.fromEntries(
    fuzzDatatypes.map((datatype) => [datatype.toLowerCase(), [{ name: 'x', datatype, declared: [-1, -1] }]]),
  ),
  pair: [
    { name: 'x', datatype: 'FP32', declared: [-1, 2] },
    { name: 'n', datatype: 'INT64', declared: [-1] },
  ],
  scalar: [{ name: 'x', datatype: 'FP64', declared: [] }],
}

type Element = { readonly literal?: string; readonly bytes?: readonly number[] }

type Sent = FuzzInput & {
  readonly shape: readonly number[]
  readonly elements: readonly Element[]
  readonly binary: boolean
  readonly nested: boolean
}

export type FuzzRequest = {
  readonly model: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  readonly sent: readonly Sent[]
  /** Codes of which the refusal has one; none where the request is right. */
  readonly codes: readonly string[]
  readonly fault: string
}

const sizeOf = (declared: number): fc.Arbitrary<number> =>
  declared === -1 ? fc.integer({ min: 0, max: 4 }) : fc.constant(declared)

const elementOf = (datatype: FuzzDatatype, binary: boolean): fc.Arbitrary<Element> => {
  if (binary) return goodBytes(datatype).map((bytes) => ({ bytes }))
  const literal = fc.oneof({ weight: 30, arbitrary: goodLiteral(datatype) }, { weight: 1, arbitrary: anyLiteral })
  return literal.map((text) => {
    const bytes = bytesOfLiteral(datatype, text)
    return { literal: text, ...(bytes && { bytes }) }
  })
}

const sentOf = (input: FuzzInput): fc.Arbitrary<Sent> =>
  fc
    .tuple(
      fc.tuple(...input.declared.map(sizeOf)),
      input.datatype === 'FP16' ? fc.constant(true) : fc.boolean(),
      fc.boolean(),
    )
    .chain(([shape, binary, nested]) => {
      const length = shape.reduce((product, size) => product * size, 1)
      return fc
        .array(elementOf(input.datatype, binary), { minLength: length, maxLength: length })
        .map((elements) => ({ ...input, shape, elements, binary, nested }))
    })

/** `[[1,2],[3,4]]` of flat literals. */
const nest = (literals: readonly string[], shape: readonly number[]): string => {
  const [size = 0, ...inner] = shape
  if (shape.length < 2) return `[${literals}]`
  const width = inner.reduce((product, each) => product * each, 1)
  return `[${Array.from({ length: size }, (_, i) => nest(literals.slice(i * width, (i + 1) * width), inner))}]`
}

type Draft = {
  inputs: Record<string, string>[]
  outputs: string | undefined
  binary: number[]
  json: (text: string) => string
  header: (length: number) => string | undefined
}

type Fault = {
  readonly name: string
  readonly codes: readonly string[]
  readonly fits: (sent: readonly Sent[]) => boolean
  readonly make: (draft: Draft, sent: readonly Sent[]) => void
}

const anyBinary = (sent: readonly Sent[]): boolean => sent.some(({ binary }) => binary)
const change = (draft: Draft, members: Record<string, string>): void => {
  Object.assign(draft.inputs[0] ?? {}, members)
}
const hasRank = ([first]: readonly Sent[]): boolean => (first?.shape.length ?? 0) > 0
const always = (): boolean => true

const faults: readonly Fault[] = [
  { name: 'unknown input', codes: ['UNKNOWN_INPUT'], fits: always, make: (d) => change(d, { name: '"zz"' }) },
  { name: 'other datatype', codes: ['BAD_DATATYPE'], fits: always, make: (d) => change(d, { datatype: '"FP99"' }) },
  { name: 'rank', codes: ['SHAPE_MISMATCH'], fits: always, make: (d) => change(d, { shape: '[1,1,1,1]' }) },
  { name: 'negative size', codes: ['BAD_REQUEST'], fits: hasRank, make: (d) => change(d, { shape: '[-1,1]' }) },
  { name: 'broken size', codes: ['BAD_REQUEST'], fits: hasRank, make: (d) => change(d, { shape: '[0.5,1]' }) },
  {
    name: 'huge size',
    codes: ['SHAPE_MISMATCH'],
    fits: ([first]) => first?.declared.join() === '-1,-1',
    make: (d) => change(d, { shape: '[4503599627370496,4503599627370496]' }),
  },
  {
    name: 'zero beside huge',
    codes: ['SHAPE_MISMATCH'],
    fits: ([first]) => first?.declared.join() === '-1,-1',
    make: (d) => change(d, { shape: '[0,4503599627370496]' }),
  },
  {
    name: 'one row more',
    codes: ['SHAPE_MISMATCH'],
    fits: ([first]) => hasRank(first ? [first] : []) && (first?.elements.length ?? 0) > 0,
    make: (d, [first]) => change(d, { shape: `[${first?.shape.map((size, i) => (i === 0 ? size + 1 : size))}]` }),
  },
  { name: 'no shape', codes: ['BAD_REQUEST'], fits: always, make: (d) => change(d, { shape: '{}' }) },
  {
    name: 'input twice',
    codes: ['BAD_REQUEST', 'SHAPE_MISMATCH'],
    fits: always,
    make: (d) => d.inputs.push({ ...d.inputs[0] }),
  },
  {
    name: 'input missing',
    codes: ['MISSING_INPUT', 'SHAPE_MISMATCH'],
    fits: always,
    make: (d) => d.inputs.pop(),
  },
  {
    name: 'unknown output',
    codes: ['UNKNOWN_OUTPUT'],
    fits: always,
    make: (d) => {
      d.outputs = '[{"name":"zz"}]'
    },
  },
  {
    name: 'output twice',
    codes: ['BAD_REQUEST'],
    fits: always,
    make: (d) => {
      d.outputs = '[{"name":"x_out"},{"name":"x_out"}]'
    },
  },
  {
    name: 'JSON cut',
    codes: ['BAD_JSON'],
    fits: always,
    make: (d) => {
      d.json = (text) => text.slice(0, -1)
    },
  },
  { name: 'bytes left over', codes: ['SHAPE_MISMATCH'], fits: anyBinary, make: (d) => d.binary.push(0) },
  {
    name: 'bytes cut',
    codes: ['SHAPE_MISMATCH'],
    fits: (sent) => sent.some(({ binary, elements }) => binary && elements.length > 0),
    make: (d) => d.binary.pop(),
  },
  {
    name: 'header beyond the body',
    codes: ['BAD_REQUEST'],
    fits: anyBinary,
    make: (d) => {
      d.header = (length) => String(length + 1_000_000)
    },
  },
  {
    name: 'header one short',
    codes: ['BAD_JSON'],
    fits: anyBinary,
    make: (d) => {
      d.header = (length) => String(length - 1)
    },
  },
  {
    name: 'header no number',
    codes: ['BAD_REQUEST'],
    fits: anyBinary,
    make: (d) => {
      d.header = (length) => `+${length}`
    },
  },
  {
    name: 'a size too small',
    codes: ['SHAPE_MISMATCH'],
    fits: ([first]) => first?.binary === true && first.elements.length > 0,
    make: (d) => change(d, { parameters: '{"binary_data_size":0}' }),
  },
  {
    name: 'BOOL of 2',
    codes: ['BAD_VALUE'],
    fits: ([first]) => first?.binary === true && first.datatype === 'BOOL' && first.elements.length > 0,
    make: (d) => {
      d.binary[0] = 2
    },
  },
  {
    name: 'FP16 answered in JSON',
    codes: ['BAD_DATATYPE'],
    fits: ([first]) => first?.datatype === 'FP16',
    make: (d) => {
      d.outputs = '[{"name":"x_out","parameters":{"binary_data":false}}]'
    },
  },
  {
    name: 'FP16 sent in JSON',
    codes: ['BAD_DATATYPE'],
    fits: ([first]) => first?.datatype === 'FP16' && first.elements.length === 0,
    make: (d) => {
      d.inputs = [{ name: '"x"', datatype: '"FP16"', shape: '[0,0]', data: '[]' }]
    },
  },
]

const draftOf = (sent: readonly Sent[]): Draft => ({
  inputs: sent.map(({ name, datatype, shape, elements, binary, nested }) => {
    const literals = elements.map(({ literal = '' }) => literal)
    const size = elements.reduce((sum, { bytes = [] }) => sum + bytes.length, 0)
    const flat = !nested || shape.length < 2 || elements.length === 0
    return {
      name: JSON.stringify(name),
      datatype: JSON.stringify(datatype),
      shape: `[${shape}]`,
      ...(binary
        ? { parameters: `{"binary_data_size":${size}}` }
        : { data: flat ? `[${literals}]` : nest(literals, shape) }),
    }
  }),
  outputs: undefined,
  binary: sent.filter(({ binary }) => binary).flatMap(({ elements }) => elements.flatMap(({ bytes = [] }) => bytes)),
  json: (text) => text,
  header: (length) => String(length),
})

const objectText = (members: Record<string, string>): string =>
  `{${Object.entries(members).map(([name, text]) => `${JSON.stringify(name)}:${text}`)}}`

const write = (model: string, sent: readonly Sent[], fault: Fault | undefined, answers: string, gzip: boolean) => {
  const draft = draftOf(sent)
  draft.outputs = answers === 'default' ? undefined : `[${sent.map(({ name }) => `{"name":"${name}_out"}`)}]`
  fault?.make(draft, sent)
  const text = draft.json(
    objectText({
      inputs: `[${draft.inputs.map(objectText)}]`,
      ...(draft.outputs !== undefined && { outputs: draft.outputs }),
      parameters: `{"binary_data_output":${answers !== 'json' || sent.some(({ datatype }) => datatype === 'FP16')}}`,
    }),
  )
  const json = Buffer.from(text)
  const header = anyBinary(sent) ? draft.header(json.length) : undefined
  const plain = new Uint8Array(Buffer.concat([json, Buffer.from(draft.binary)]))
  const bad = sent.some(({ elements }) => elements.some(({ bytes }) => bytes === undefined))
  const headers = {
    ...(header !== undefined && { 'inference-header-content-length': header }),
    ...(header === undefined && { 'content-type': 'application/json' }),
    ...(gzip && { 'content-encoding': 'gzip' }),
  }
  const body = gzip ? new Uint8Array(gzipSync(plain)) : plain
  const codes = [...(fault?.codes ?? []), ...(bad ? ['BAD_VALUE'] : [])]
  return { model, body, headers, sent, codes, fault: fault?.name ?? 'none' } satisfies FuzzRequest
}

/** A right request, or one with a fault, or with literals that its datatype cannot hold. */
export const anyRequest: fc.Arbitrary<FuzzRequest> = fc.constantFrom(...Object.keys(fuzzModels)).chain((model) =>
  fc.tuple(...(fuzzModels[model] ?? []).map(sentOf)).chain((sent) =>
    fc
      .tuple(
        // freq 2: every second request has none.
        fc.option(fc.constantFrom(...faults.filter(({ fits }) => fits(sent))), { freq: 2 }),
        fc.constantFrom('default', 'json', 'binary'),
        fc.boolean(),
      )
      .map(([fault, answers, gzip]) => write(model, sent, fault ?? undefined, answers, gzip)),
  ),
)
