import { isTabular, type Manifest } from '../registry/manifest.ts'
import type { Signature } from '../registry/signature.ts'
import { decodeInferRequest, type InferRequest } from '../tensor/infer-request.ts'
import { encodeInferResponse } from '../tensor/infer-response.ts'
import { decodeRawRequest } from '../tensor/raw-request.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Deployed } from './deployed.ts'
import type { Question } from './question.ts'

/** A body of the protocol: JSON with what lies behind it, or the bare data of one tensor. */
export type SentTensors =
  | { readonly kind: 'json'; readonly text: string; readonly binary: Uint8Array }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }

const decode = (sent: SentTensors, signature: Signature): InferRequest =>
  sent.kind === 'raw' ? decodeRawRequest(sent.bytes, signature) : decodeInferRequest(sent.text, signature, sent.binary)

/** The longest variable first dimension: the same whatever the caller's order, and one row's input lowers no other's count. */
const rowsOf = (inputs: readonly Tensor[], signature: Signature): number => {
  let most: number | undefined
  for (const spec of signature.inputs) {
    if (spec.shape[0] !== -1) continue
    const sent = inputs.find(({ name }) => name === spec.name)
    if (sent) most = Math.max(most ?? 0, sent.shape[0] ?? 1)
  }
  return most ?? signature.inputs[0]?.shape[0] ?? 1
}

/** Names of an output's classes, by index: those of the manifest for its output of probabilities. */
const labelsIn = (manifest: Manifest | undefined, output: string): readonly string[] => {
  if (!manifest || !isTabular(manifest) || !('probabilities' in manifest.outputs)) return []
  return output === manifest.outputs.probabilities ? (manifest.classes ?? []).map(String) : []
}

/** Reads an Open Inference V2 request. Throws what decodeInferRequest and decodeRawRequest throw. */
export const readInfer =
  (sent: () => SentTensors) =>
  ({ version, manifest }: Deployed): Question => {
    const { model, number, signature } = version
    const { id, inputs, outputs: wanted } = decode(sent(), signature)
    const labelsOf = (output: string): readonly string[] => labelsIn(manifest, output)
    const answer = { model, version: number, ...(id !== undefined && { id }), wanted, labelsOf }
    return {
      inputs,
      outputs: wanted.map(({ name }) => name),
      rows: rowsOf(inputs, signature),
      encode: (outputs) => encodeInferResponse({ ...answer, outputs }),
    }
  }
