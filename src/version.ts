import type { Signature } from './signature.ts'

/** An immutable, numbered state of a model. Its bytes lie in the artifacts bucket under their sha256. */
export type Version = {
  readonly model: string
  readonly number: number
  /** sha256 of model.onnx, lower-case hex. */
  readonly digest: string
  /** sha256 of manifest.json; absent for a raw ONNX file pushed without one. */
  readonly manifestDigest?: string
  readonly sizeBytes: number
  readonly signature: Signature
  readonly createdAtMs: number
  /** The run that made it; absent for a pushed file. */
  readonly runId?: string
  readonly metrics?: Readonly<Record<string, number>>
}

/** What a caller writes for a model: `name`, `name@alias` or `name@3`, or a name with a version segment. */
export type ModelReference = { readonly model: string } & (
  | { readonly kind: 'alias'; readonly alias: string }
  | { readonly kind: 'version'; readonly number: number }
)
