import type { Signature } from '../signature.ts'

/** What the file itself says; nothing is run. */
export type OnnxFacts = {
  readonly signature: Signature
  readonly irVersion: number
  readonly opsets: Readonly<Record<string, number>>
  /** Distinct operators as `domain:Type`, sorted; ai.onnx is the empty domain. */
  readonly operators: readonly string[]
  readonly nodes: number
  readonly initializerBytes: number
  readonly sizeBytes: number
  /** Loop, Scan or If anywhere: its time is not bounded by its size. */
  readonly controlFlow: boolean
}

/** Reads an .onnx file. Throws NOT_ONNX (no protobuf, no graph, no outputs), UNSUPPORTED_ONNX (external data, foreign operators). */
export declare const inspectOnnx: (bytes: Uint8Array) => OnnxFacts
