import { type Encoded, encodedJson } from '../call/encoded.ts'
import { bytesFromData } from './binary-data.ts'
import { classify } from './classification.ts'
import { headerLengthName, joinFrame } from './frame.ts'
import type { WantedOutput } from './infer-request.ts'
import { jsonValues } from './json-response.ts'
import type { Tensor } from './tensor.ts'

export type InferResponse = {
  readonly model: string
  readonly version: number
  /** Echoed when the request had one. */
  readonly id?: string
  /** In the order of `wanted`. */
  readonly outputs: readonly Tensor[]
  /** How each output is written; JSON when absent. */
  readonly wanted?: readonly WantedOutput[]
  /** Names of the classes of an output, by index; none where the model has none. */
  readonly labelsOf?: (output: string) => readonly string[]
}

type Written = { readonly header: unknown; readonly part?: Uint8Array }

const writeOutput = (tensor: Tensor, binary: boolean): Written => {
  const { name, datatype, shape } = tensor
  if (binary) {
    const part = bytesFromData(tensor)
    return { header: { name, datatype, shape, parameters: { binary_data_size: part.length } }, part }
  }
  const { values, finite } = jsonValues(tensor)
  return { header: { name, datatype, shape, data: values, ...(!finite && { parameters: { non_finite: true } }) } }
}

const noLabels = (): readonly string[] => []

/**
 * An Open Inference V2 response: JSON with flat data, or JSON and binary data behind it when an output is wanted so.
 * Throws OUTPUT_NOT_EXPRESSIBLE for FP16 and BF16 in JSON.
 */
export const encodeInferResponse = (response: InferResponse): Encoded => {
  const { model, version, id, outputs, wanted = [], labelsOf = noLabels } = response
  const parts: Uint8Array[] = []
  const headers = outputs.map((tensor, i) => {
    const { binary = false, classes } = wanted[i] ?? {}
    const shown = classes === undefined ? tensor : classify(tensor, classes, labelsOf(tensor.name))
    const { header, part } = writeOutput(shown, binary)
    if (part) parts.push(part)
    return header
  })
  const json = JSON.stringify({
    model_name: model,
    model_version: String(version),
    ...(id !== undefined && { id }),
    outputs: headers,
  })
  if (parts.length === 0) return encodedJson(json)
  const { body, headerBytes } = joinFrame(json, parts)
  return { body, headers: { 'content-type': 'application/octet-stream', [headerLengthName]: String(headerBytes) } }
}
