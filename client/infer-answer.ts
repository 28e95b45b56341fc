import { dataFromBytes } from '../src/tensor/binary-data.ts'
import { headerLengthName, partsOf } from '../src/tensor/frame.ts'
import type { Datatype, TensorData } from '../src/tensor/tensor.ts'
import type { Answer } from './client.ts'
import { parseExactly } from './exact-json.ts'
import type { Output } from './tensors.ts'

/** By name. */
export type Outputs = Readonly<Record<string, Output>>

type OutputBody = {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly data?: readonly unknown[]
  readonly parameters?: { readonly binary_data_size?: number }
}

type Whole = number | string | bigint

/** JSON values of an answer; whole numbers beyond 2^53 come as their text. */
const dataFromAnswer = (datatype: Datatype, values: readonly unknown[]): TensorData => {
  // A service answers the values of its datatype; null stands for what JSON has no number for.
  const numbers = values.flat(Infinity) as number[]
  switch (datatype) {
    case 'FP32':
      return Float32Array.from(numbers, (value) => value ?? Number.NaN)
    case 'FP64':
      return Float64Array.from(numbers, (value) => value ?? Number.NaN)
    case 'INT64':
      return BigInt64Array.from(numbers as Whole[], BigInt)
    case 'UINT64':
      return BigUint64Array.from(numbers as Whole[], BigInt)
    case 'BYTES':
      return numbers.map(String)
    case 'BOOL':
    case 'UINT8':
      return Uint8Array.from(numbers, Number)
    case 'INT8':
      return Int8Array.from(numbers)
    case 'INT16':
      return Int16Array.from(numbers)
    case 'INT32':
      return Int32Array.from(numbers)
    case 'UINT16':
      return Uint16Array.from(numbers)
    case 'UINT32':
      return Uint32Array.from(numbers)
    default:
      throw new TypeError(`an output of ${datatype}: expected bytes, got JSON`)
  }
}

const [quote, backslash, open, close] = [0x22, 0x5c, 0x7b, 0x7d]

/** Where the JSON object at the start of `bytes` ends. A stored answer comes without the header that says it. */
const jsonEnd = (bytes: Uint8Array): number => {
  let [depth, inText] = [0, false]
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inText && byte === backslash) i++
    else if (byte === quote) inText = !inText
    else if (!inText && byte === open) depth++
    else if (!inText && byte === close && --depth === 0) return i + 1
  }
  return bytes.length
}

/** Reads an inference response, JSON or with bytes behind it. */
export const readOutputs = ({ body, headers }: Answer<Uint8Array>): { readonly outputs: Outputs } => {
  const binary = /^application\/octet-stream\b/.test(headers.get('content-type') ?? '')
  const headerBytes = binary ? Number(headers.get(headerLengthName) ?? jsonEnd(body)) : body.length
  // docs/http.md gives the response's members.
  const response = parseExactly(new TextDecoder().decode(body.subarray(0, headerBytes))) as { outputs: OutputBody[] }
  const parts = partsOf(body.subarray(headerBytes))
  const outputs = response.outputs.map(({ name, datatype, shape, data = [], parameters }) => {
    const sizeBytes = parameters?.binary_data_size
    const values =
      sizeBytes === undefined
        ? dataFromAnswer(datatype, data)
        : dataFromBytes(name, datatype, shape, parts.take(`output ${name}`, sizeBytes))
    return [name, { datatype, shape, data: values }] as const
  })
  // Data has the array of its datatype, which no type of TypeScript can follow through the two readers.
  return { outputs: Object.fromEntries(outputs) as Outputs }
}
