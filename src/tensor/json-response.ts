import { PercallError } from '../errors.ts'
import { shortestFloat32 } from './shortest-float32.ts'
import type { Tensor } from './tensor.ts'

// JSON.rawJSON stands in ECMA-262's JSON.parse source text proposal; TypeScript's library does not have it yet.
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

const jsonInteger = (value: bigint): unknown => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : rawJSON(String(value))
}

const jsonFloats = (data: Float32Array | Float64Array): { values: (number | null)[]; finite: boolean } => {
  const values = new Array<number | null>(data.length)
  const shortest = data instanceof Float32Array
  let finite = true
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0
    if (Number.isFinite(value)) values[i] = shortest ? shortestFloat32(value) : value
    else {
      values[i] = null
      finite = false
    }
  }
  return { values, finite }
}

/** Row-major values as JSON can carry them; a NaN or infinite value is null and makes `finite` false. Throws OUTPUT_NOT_EXPRESSIBLE for FP16 and BF16. */
export const jsonValues = ({ name, datatype, data }: Tensor): { values: readonly unknown[]; finite: boolean } => {
  if (data instanceof Float32Array || data instanceof Float64Array) return jsonFloats(data)
  if (datatype === 'FP16' || datatype === 'BF16')
    throw new PercallError('OUTPUT_NOT_EXPRESSIBLE', `output ${name}: expected a datatype of JSON, got ${datatype}`)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    return { values: Array.from(data, jsonInteger), finite: true }
  if (datatype === 'BOOL') return { values: Array.from(data as Uint8Array, Boolean), finite: true }
  return { values: Array.from(data as Iterable<number | string>), finite: true }
}
