import type { RewriteName } from '../onnx/optimise/rewrite.ts'
import type { Quality } from './quality.ts'

/**
 * `float` is the graph as it came; `simplified` by ONNX Runtime's own optimisation; `narrow` with half of its hidden
 * units, fitted on; the others are rewrites.
 */
export type VariantName = 'float' | 'simplified' | 'narrow' | RewriteName

/** Whether the file must serve itself: pre-optimised, 16-bit weights would be stored as 32 bits again. */
export const servesAsItIs = (name: VariantName): boolean => name === 'half'

/** Whether a variant computes with the weights that the graph had: what took the fitted model apart explains it as well. */
export const keepsWeights = (name: VariantName): boolean => ['float', 'simplified', 'cleaned'].includes(name)

/** Times of one run of a session. */
export type Times = { readonly p50Ms: number; readonly p95Ms: number }

/** Of the times of many runs, in ms; three digits. */
export const timesOf = (timesMs: readonly number[]): Times => {
  const sorted = timesMs.toSorted((a, b) => a - b)
  const at = (share: number): number => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toPrecision(3))
  return { p50Ms: at(0.5), p95Ms: at(0.95) }
}

/** What a variant took, in a process of its own with the threads of the function that serves. */
export type Figures = {
  readonly sizeBytes: number
  readonly gzipBytes: number
  readonly loadMs: number
  readonly oneRow: Times
  readonly batch: Times & { readonly rows: number }
  readonly peakMb: number
}

export type Variant = { readonly name: VariantName } & (
  | { readonly state: 'measured'; readonly figures: Figures; readonly quality: Quality; readonly beyond?: string }
  | { readonly state: 'refused'; readonly reason: string }
)

/** What was measured of a graph, and what was chosen; made once, kept, and reused by whoever asks again. */
export type Optimisation = {
  readonly policy: string
  readonly chosen: VariantName
  readonly reason: string
  readonly variants: readonly Variant[]
  /** Of weights in whole numbers: 7 where sums of two 8-bit products may saturate (x86 without VNNI). */
  readonly weightBits: 7 | 8
  readonly threads: number
}
