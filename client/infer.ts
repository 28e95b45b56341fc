import { bytesFromData } from '../src/tensor/binary-data.ts'
import { headerLengthName, joinFrame } from '../src/tensor/frame.ts'
import type { Tensor } from '../src/tensor/tensor.ts'
import { ask, type CallOptions, type Question } from './ask.ts'
import type { CallFacts } from './bodies.ts'
import type { Client } from './client.ts'
import { type Outputs, readOutputs } from './infer-answer.ts'
import { type InputValue, tensorOf } from './tensors.ts'

/** Outputs by name. */
export type Inference<Wanted extends Outputs = Outputs> = { readonly outputs: Wanted } & CallFacts

export type WantedOutput = string | { readonly name: string; readonly classification?: number }

type TensorOptions = {
  /** All of the model's by default. */
  readonly outputs?: readonly WantedOutput[]
  readonly parameters?: Readonly<Record<string, unknown>>
  /**
   * `auto`: inputs as JSON below 1 KB where JSON can carry them, as bytes else, and outputs as bytes, which are exact
   * for every datatype. `json`: all as JSON, where a NaN or infinite number of an answer is NaN. `binary`: all as bytes.
   */
  readonly format?: 'auto' | 'json' | 'binary'
}
export type InferOptions = CallOptions & TensorOptions

// On the local service JSON and bytes take the same time to 4 KB of FP32; at 64 KB bytes take half, at 256 KB a third.
const binaryFromBytes = 1024

const allFinite = ({ data }: Tensor): boolean =>
  !(data instanceof Float32Array || data instanceof Float64Array) || data.every(Number.isFinite)

const fitsJson = (tensor: Tensor): boolean =>
  tensor.datatype !== 'FP16' && tensor.datatype !== 'BF16' && allFinite(tensor)

const jsonOf = ({ data }: Tensor): string => (ArrayBuffer.isView(data) ? `[${data.join(',')}]` : JSON.stringify(data))

/** The members that come before the data, in the order of Triton's own client. */
const headerOf = ({ name, shape, datatype }: Tensor, parameters?: object) =>
  JSON.stringify({ name, shape, datatype, ...(parameters && { parameters }) })

const tailOf = ({ outputs, parameters = {} }: TensorOptions, binaryOutputs: boolean): string => {
  const wanted = outputs?.map((output) => {
    const { name, ...own } = typeof output === 'string' ? { name: output } : output
    return Object.keys(own).length === 0 ? { name } : { name, parameters: own }
  })
  const all = { ...parameters, ...(binaryOutputs && { binary_data_output: true }) }
  return `${wanted ? `,"outputs":${JSON.stringify(wanted)}` : ''}${Object.keys(all).length > 0 ? `,"parameters":${JSON.stringify(all)}` : ''}`
}

const jsonBody = (tensors: readonly Tensor[], tail: string): string => {
  const inputs = tensors.map((tensor) => `${headerOf(tensor).slice(0, -1)},"data":${jsonOf(tensor)}}`)
  return `{"inputs":[${inputs.join(',')}]${tail}}`
}

type Sent = Pick<Question<unknown>, 'headers' | 'body'>

const binaryBody = (tensors: readonly Tensor[], parts: readonly Uint8Array[], tail: string): Sent => {
  const inputs = tensors.map((tensor, i) => headerOf(tensor, { binary_data_size: parts[i]?.length }))
  const { body, headerBytes } = joinFrame(`{"inputs":[${inputs.join(',')}]${tail}}`, parts)
  return { headers: { 'content-type': 'application/octet-stream', [headerLengthName]: String(headerBytes) }, body }
}

const bodyOf = (tensors: readonly Tensor[], options: TensorOptions): Sent => {
  const { format = 'auto' } = options
  const odd = tensors.find((tensor) => !fitsJson(tensor))
  if (format === 'json' && odd)
    throw new TypeError(
      `input ${odd.name}: expected what JSON can carry, got ${allFinite(odd) ? odd.datatype : 'NaN or an infinite number'}`,
    )
  const tail = tailOf(options, format !== 'json')
  const parts = format === 'json' ? [] : tensors.map(bytesFromData)
  const sizeBytes = parts.reduce((sum, { length }) => sum + length, 0)
  if (format === 'json' || (format === 'auto' && !odd && sizeBytes < binaryFromBytes))
    return { headers: { 'content-type': 'application/json' }, body: jsonBody(tensors, tail) }
  return binaryBody(tensors, parts, tail)
}

/** Tensors of a model, which is `name`, `name@alias` or `name@3`. Throws TypeError for inputs that cannot be sent. */
export const inferQuestion = (
  model: string,
  inputs: Readonly<Record<string, InputValue>>,
  options: TensorOptions = {},
): Question<{ readonly outputs: Outputs }> => {
  const tensors = Object.entries(inputs).map(([name, value]) => tensorOf(name, value))
  return { path: `/v2/models/${encodeURIComponent(model)}/infer`, ...bodyOf(tensors, options), read: readOutputs }
}

/** Calls a model by tensors. `Wanted` is the caller's knowledge of its outputs. */
export const infer =
  (client: Client) =>
  async <Wanted extends Outputs = Outputs>(
    model: string,
    inputs: Readonly<Record<string, InputValue>>,
    options: InferOptions = {},
  ): Promise<Inference<Wanted>> =>
    // The model's own signature decides what comes; the caller says what it knows of it.
    (await ask(client, inferQuestion(model, inputs, options), options)) as Inference<Wanted>
