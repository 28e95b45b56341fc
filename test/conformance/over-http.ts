/** One data set over HTTP, in JSON and in binary, written here by hand: nothing of the product's codec is used. */
import { gzipSync } from 'node:zlib'
import type { Datatype, TensorData } from '../../src/tensor/tensor.ts'
import type { ModelTest } from './model-test.ts'
import type { Service } from './service.ts'
import { difference, type Value } from './value.ts'

type DataSet = ModelTest['sets'][number]

/** The fewest digits that name a float32, as numpy and others write it; 9 name each. */
const float32Text = (value: number): string => {
  for (let digits = 6; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)))
    if (Math.fround(Number(text)) === value) return text
  }
  return String(Number(value.toPrecision(9)))
}

const jsonElement = (value: unknown, datatype: Datatype): string => {
  if (datatype === 'BOOL') return value ? 'true' : 'false'
  if (datatype === 'FP32') return float32Text(Number(value))
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

const jsonData = ({ datatype, data }: Value): string =>
  `[${Array.from(data as Iterable<unknown>, (value) => jsonElement(value, datatype))}]`

const isHalf = ({ datatype }: Value): boolean => datatype === 'FP16' || datatype === 'BF16'

const holdsNonFinite = ({ datatype, data }: Value): boolean =>
  (datatype === 'FP32' || datatype === 'FP64') && !(data as Float64Array).every(Number.isFinite)

/** Why JSON cannot carry a data set; undefined when it can. */
export const jsonLimit = ({ inputs, outputs }: DataSet): string | undefined => {
  const half = [...inputs, ...outputs].find(isHalf)
  if (half) return half.datatype
  return inputs.some(holdsNonFinite) ? 'an input that is not finite' : undefined
}

const requireOk = async (response: Response): Promise<Response> => {
  if (response.status === 200 || response.status === 201) return response
  throw new Error(`${response.status} ${(await response.text()).slice(0, 400)}`)
}

const post = async ({ url, key }: Service, path: string, body: string | Buffer, headers = {}): Promise<Response> => {
  const send = () =>
    fetch(url + path, { method: 'POST', body, headers: { authorization: `Bearer ${key}`, ...headers } })
  // While this process wrote a body for seconds, the service may have closed the idle connection.
  return requireOk(await send().catch(send))
}

/** Pushes a model under its name. */
export const push = async (service: Service, { name, bytes }: ModelTest): Promise<void> => {
  const headers = { 'content-type': 'application/octet-stream' }
  await post(service, `/api/models/${name}/versions`, Buffer.from(bytes), headers)
}

// Numbers stay as they are written: JSON.parse would round whole ones beyond 2^53.
const exactInteger = /^-?\d{16,}$/
const exact = (_key: string, value: unknown, { source }: { readonly source: string }): unknown =>
  typeof value === 'number' && exactInteger.test(source) ? BigInt(source) : value

type Output = { readonly name: string; readonly datatype: Datatype; readonly shape: readonly number[] }

const compare = (
  { outputs: names }: ModelTest,
  { outputs }: DataSet,
  answered: readonly (Output & { readonly data: Parameters<typeof difference>[1]['data'] })[],
): string | undefined => {
  for (const [i, expected] of outputs.entries()) {
    const got = answered.find(({ name }) => name === names[i])
    const words = got ? difference(expected, got) : 'no such output'
    if (words) return `output ${names[i]}: ${words}`
  }
  return undefined
}

const fromJson = ({ datatype, data }: Output & { readonly data: readonly unknown[] }): readonly (number | null)[] =>
  data.map((value) => {
    if (datatype === 'BOOL') return Number(value)
    return datatype.endsWith('INT64') ? BigInt(value as number) : value
  }) as readonly (number | null)[] // bigint and string come too; difference compares them as they are

const mostPlainBytes = 4_000_000

/** What differs when the set is called in JSON; undefined when nothing does. */
export const callJson = async (service: Service, test: ModelTest, set: DataSet): Promise<string | undefined> => {
  const inputs = set.inputs.map((value, i) => {
    const { datatype, shape } = value
    return `{"name":${JSON.stringify(test.inputs[i])},"datatype":"${datatype}","shape":[${shape}],"data":${jsonData(value)}}`
  })
  const text = `{"inputs":[${inputs}]}`
  const headers = { 'content-type': 'application/json' }
  const path = `/v2/models/${test.name}/infer`
  // The gateway's event is 6 MB in all; a caller with more JSON compresses it.
  const response = await (text.length < mostPlainBytes
    ? post(service, path, text, headers)
    : post(service, path, gzipSync(text), { ...headers, 'content-encoding': 'gzip' }))
  // TypeScript's library does not know the reviver's third argument yet.
  const { outputs } = JSON.parse(await response.text(), exact as (key: string, value: unknown) => unknown)
  return compare(
    test,
    set,
    outputs.map((output: Output & { data: unknown[] }) => ({ ...output, data: fromJson(output) })),
  )
}

const bytesOf = (data: TensorData): Buffer => {
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.concat(
    data.flatMap((text) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(Buffer.byteLength(text))
      return [length, Buffer.from(text)]
    }),
  )
}

const views: Readonly<Record<string, typeof Float32Array>> = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  INT8: Int8Array,
  UINT16: Uint16Array,
  INT16: Int16Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  UINT32: Uint32Array,
  INT32: Int32Array,
  UINT64: BigUint64Array,
  INT64: BigInt64Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as unknown as Readonly<Record<string, typeof Float32Array>> // each reads its own elements

const textsOf = (bytes: Buffer): readonly string[] => {
  const texts: string[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.readUInt32LE(offset)
    texts.push(bytes.toString('utf8', offset + 4, offset + 4 + length))
    offset += 4 + length
  }
  return texts
}

const fromBytes = (datatype: Datatype, bytes: Buffer): TensorData => {
  const View = views[datatype]
  return View ? new View(new Uint8Array(bytes).buffer) : textsOf(bytes)
}

/** What differs when the set is called in binary, both ways; undefined when nothing does. */
export const callBinary = async (service: Service, test: ModelTest, set: DataSet): Promise<string | undefined> => {
  const parts = set.inputs.map(({ data }) => bytesOf(data))
  const inputs = set.inputs.map(({ datatype, shape }, i) => ({
    name: test.inputs[i],
    datatype,
    shape,
    parameters: { binary_data_size: parts[i]?.length },
  }))
  const json = Buffer.from(JSON.stringify({ inputs, parameters: { binary_data_output: true } }))
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(json.length),
  }
  const path = `/v2/models/${test.name}/infer`
  const response = await post(service, path, Buffer.concat([json, ...parts]), headers)
  const bytes = Buffer.from(await response.arrayBuffer())
  const length = Number(response.headers.get('inference-header-content-length'))
  const { outputs } = JSON.parse(bytes.subarray(0, length).toString())
  let offset = length
  const answered = outputs.map((output: Output & { parameters: { binary_data_size: number } }) => {
    const end = offset + output.parameters.binary_data_size
    const data = fromBytes(output.datatype, bytes.subarray(offset, end))
    offset = end
    return { ...output, data }
  })
  return offset === bytes.length ? compare(test, set, answered) : `${bytes.length - offset} bytes left over`
}
